"""The methods of the library's Workspace that keep things: each is called once, and what it changed is read again."""

import json

import mixpanel_headless as headless
from headless_session import DAY, ENV, written

ON_DAY = {"from_date": DAY, "to_date": DAY}
RECORDING = ENV["MP_RECORDING"]
T = headless.types
VIEWS = {
    "sections": {
        "show": [
            {
                "type": "metric",
                "behavior": {"type": "event", "name": "Seed View", "resourceType": "events", "filters": [], "filtersDeterminer": "all"},
                "measurement": {"math": "total"},
            }
        ],
        "time": [{"dateRangeType": "between", "unit": "day", "value": [DAY, DAY]}],
    },
    "displayOptions": {"chartType": "line"},
}
IS_PRO = {"resourceType": "events", "value": "plan", "filterType": "string", "defaultType": "string", "filterOperator": "equals", "filterValue": ["pro"]}
SCHEMA = {"type": "object", "properties": {"plan": {"type": "string"}}}
RULES = {
    "variants": [
        {"key": "on", "value": True, "is_control": False, "split": 1, "is_sticky": False},
        {"key": "off", "value": False, "is_control": True, "split": 0, "is_sticky": False},
    ],
    "rollout": [{"rollout_percentage": 1, "variant_splits": {}}],
}


def names(things):
    return sorted(one.title if hasattr(one, "title") else one.name for one in things)


def newest(things):
    return max(things, key=lambda one: one.id)


def methods(ws):
    """Calls by the methods' names, in the order in which they rely on each other."""
    kept = {}

    def keep(name, thing):
        kept[name] = thing
        return thing

    def board():
        return ws.get_dashboard(kept["board"].id)

    def report():
        return ws.get_bookmark(kept["report"].id)

    def then(do, read):
        do()
        return read()

    def made_board():
        row = T.DashboardRow(contents=[T.DashboardRowContent(content_type="text", content_params={"markdown": "<p>Hello</p>"})])
        return keep("board", ws.create_dashboard(T.CreateDashboardParams(title="Growth", rows=[row])))

    def removed_report():
        shown = next(iter(board().contents["report"]))
        ws.remove_report_from_dashboard(kept["board"].id, int(shown))
        return board()

    boards = {
        "create_dashboard": made_board,
        "get_dashboard": board,
        "list_dashboards": lambda: names(ws.list_dashboards()),
        "update_dashboard": lambda: ws.update_dashboard(kept["board"].id, T.UpdateDashboardParams(title="Growth 2")),
        "favorite_dashboard": lambda: then(lambda: ws.favorite_dashboard(kept["board"].id), board),
        "unfavorite_dashboard": lambda: then(lambda: ws.unfavorite_dashboard(kept["board"].id), board),
        "pin_dashboard": lambda: then(lambda: ws.pin_dashboard(kept["board"].id), board),
        "unpin_dashboard": lambda: then(lambda: ws.unpin_dashboard(kept["board"].id), board),
        "get_dashboard_erf": lambda: ws.get_dashboard_erf(kept["board"].id)["id"] == kept["board"].id,
        "create_bookmark": lambda: keep("report", ws.create_bookmark(T.CreateBookmarkParams(name="By day", bookmark_type="insights", params=VIEWS, dashboard_id=kept["board"].id))),
        "get_bookmark": report,
        "update_bookmark": lambda: ws.update_bookmark(kept["report"].id, T.UpdateBookmarkParams(name="A day")),
        "bulk_update_bookmarks": lambda: then(lambda: ws.bulk_update_bookmarks([T.BulkUpdateBookmarkEntry(id=kept["report"].id, description="All")]), report),
        "list_bookmarks": lambda: names(ws.list_bookmarks()),
        "list_bookmarks_v2": lambda: names(ws.list_bookmarks_v2(bookmark_type="insights")),
        "get_bookmark_history": lambda: [one["name"] for one in ws.get_bookmark_history(kept["report"].id).results],
        "add_report_to_dashboard": lambda: list(then(lambda: ws.add_report_to_dashboard(kept["board"].id, kept["report"].id), board).contents["report"].values()),
        "bookmark_linked_dashboard_ids": lambda: ws.bookmark_linked_dashboard_ids(int(next(iter(board().contents["report"])))) == [kept["board"].id],
        "get_bookmark_dashboard_ids": lambda: ws.get_bookmark_dashboard_ids(int(next(iter(board().contents["report"])))) == [kept["board"].id],
        "remove_report_from_dashboard": removed_report,
        "list_blueprint_templates": lambda: sorted(one.name for one in ws.list_blueprint_templates(include_reports=True)),
        "create_blueprint": lambda: keep("blueprint", ws.create_blueprint("growth")),
        "get_blueprint_config": lambda: ws.get_blueprint_config(kept["blueprint"].id),
        "update_blueprint_cohorts": lambda: ws.update_blueprint_cohorts([{"id": int(ENV["MP_COHORT"])}]),
        "finalize_blueprint": lambda: ws.finalize_blueprint(T.BlueprintFinishParams(dashboard_id=kept["blueprint"].id, cards=[])),
        "create_rca_dashboard": lambda: keep("rca", ws.create_rca_dashboard(T.CreateRcaDashboardParams(rca_source_id=5, rca_source_data=T.RcaSourceData(type="anomaly", date=DAY, metric_source=False)))),
        "update_text_card": lambda: then(lambda: ws.update_text_card(int(ENV["MP_BOARD"]), int(ENV["MP_TEXT"]), T.UpdateTextCardParams(markdown="<p>New</p>")), lambda: ws.get_dashboard(int(ENV["MP_BOARD"])).contents["text"][ENV["MP_TEXT"]]["markdown"]),
        "update_report_link": lambda: then(lambda: ws.update_report_link(int(ENV["MP_BOARD"]), int(ENV["MP_LINK"]), T.UpdateReportLinkParams(link_type="embedded")), lambda: ws.get_dashboard(int(ENV["MP_BOARD"])).contents["report-link"][ENV["MP_LINK"]]["type"]),
        "create_report_link": lambda: keep("link", ws.create_report_link(VIEWS, report_type="insights", name="Views")),
        "resolve_report_link": lambda: ws.resolve_report_link(kept["link"].url),
        "query_report_link": lambda: list(ws.query_report_link(kept["link"].url).series.values()),
        "saved_report_link": lambda: ws.saved_report_link(int(ENV["MP_REPORT"]), report_type="insights"),
        "delete_bookmark": lambda: then(lambda: ws.delete_bookmark(kept["report"].id), lambda: names(ws.list_bookmarks())),
        "bulk_delete_bookmarks": lambda: then(lambda: ws.bulk_delete_bookmarks([int(ENV["MP_SPARE_REPORT"])]), lambda: names(ws.list_bookmarks())),
        "delete_dashboard": lambda: then(lambda: ws.delete_dashboard(kept["rca"].id), lambda: names(ws.list_dashboards())),
        "bulk_delete_dashboards": lambda: then(lambda: ws.bulk_delete_dashboards([kept["blueprint"].id, kept["board"].id]), lambda: names(ws.list_dashboards())),
    }

    def cohort():
        return ws.get_cohort(kept["cohort"].id)

    is_pro = {"selector": {"operator": "and", "children": [{"property": "user", "value": "plan", "operator": "==", "operand": "pro", "type": "string"}]}, "behaviors": {}}
    cohorts = {
        "create_cohort": lambda: keep("cohort", ws.create_cohort(T.CreateCohortParams(name="Pro users", definition=is_pro))),
        "get_cohort": cohort,
        "update_cohort": lambda: ws.update_cohort(kept["cohort"].id, T.UpdateCohortParams(name="Payers")),
        "bulk_update_cohorts": lambda: then(lambda: ws.bulk_update_cohorts([T.BulkUpdateCohortEntry(id=kept["cohort"].id, description="All")]), cohort),
        "list_cohorts_full": lambda: names(ws.list_cohorts_full()),
        "cohorts": lambda: names(ws.cohorts()),
        "delete_cohort": lambda: then(lambda: ws.delete_cohort(kept["cohort"].id), lambda: names(ws.list_cohorts_full())),
        "bulk_delete_cohorts": lambda: then(lambda: ws.bulk_delete_cohorts([int(ENV["MP_SPARE_COHORT"])]), lambda: names(ws.list_cohorts_full())),
    }

    def flag():
        return ws.get_feature_flag(kept["flag"].id)

    flags = {
        "create_experiment": lambda: keep("experiment", ws.create_experiment(T.CreateExperimentParams(name="Button", hypothesis="Green sells"))),
        "get_experiment": lambda: ws.get_experiment(kept["experiment"].id),
        "update_experiment": lambda: ws.update_experiment(kept["experiment"].id, T.UpdateExperimentParams(name="Colour")),
        "duplicate_experiment": lambda: keep("twin", ws.duplicate_experiment(kept["experiment"].id, T.DuplicateExperimentParams(name="Again"))),
        "launch_experiment": lambda: ws.launch_experiment(kept["experiment"].id),
        "conclude_experiment": lambda: ws.conclude_experiment(kept["experiment"].id, params=T.ExperimentConcludeParams(end_date=f"{DAY}T12:00:00Z")),
        "decide_experiment": lambda: ws.decide_experiment(kept["experiment"].id, T.ExperimentDecideParams(success=True, variant="Green")),
        "archive_experiment": lambda: then(lambda: ws.archive_experiment(kept["twin"].id), lambda: names(ws.list_experiments())),
        "list_experiments": lambda: names(ws.list_experiments(include_archived=True)),
        "restore_experiment": lambda: then(lambda: ws.restore_experiment(kept["twin"].id), lambda: names(ws.list_experiments())),
        "list_erf_experiments": lambda: sorted(one["name"] for one in ws.list_erf_experiments()),
        "delete_experiment": lambda: then(lambda: ws.delete_experiment(kept["twin"].id), lambda: names(ws.list_experiments(include_archived=True))),
        "create_feature_flag": lambda: keep("flag", ws.create_feature_flag(T.CreateFeatureFlagParams(name="Dark mode", key="dark", ruleset=RULES))),
        "get_feature_flag": flag,
        "update_feature_flag": lambda: ws.update_feature_flag(kept["flag"].id, T.UpdateFeatureFlagParams(name="Darker", key="dark", status="enabled", ruleset=RULES)),
        "set_flag_test_users": lambda: then(lambda: ws.set_flag_test_users(kept["flag"].id, T.SetTestUsersParams(users={"on": "u-9"})), flag).ruleset["test"],
        "get_flag_history": lambda: len(ws.get_flag_history(kept["flag"].id, page_size=1).events),
        "get_flag_limits": lambda: ws.get_flag_limits(),
        "duplicate_feature_flag": lambda: ws.duplicate_feature_flag(kept["flag"].id),
        "archive_feature_flag": lambda: then(lambda: ws.archive_feature_flag(kept["flag"].id), lambda: names(ws.list_feature_flags())),
        "list_feature_flags": lambda: names(ws.list_feature_flags(include_archived=True)),
        "restore_feature_flag": lambda: then(lambda: ws.restore_feature_flag(kept["flag"].id), lambda: names(ws.list_feature_flags())),
        "delete_feature_flag": lambda: then(lambda: ws.delete_feature_flag(kept["flag"].id), lambda: names(ws.list_feature_flags(include_archived=True))),
    }

    alert = T.CreateAlertParams(bookmark_id=int(ENV["MP_REPORT"]), name="Few views", condition={"operator": "less_than", "value": 50}, frequency=86400, paused=False, subscriptions=[{"type": "email", "value": "a@example.com"}])
    hook = {"url": "https://hook.example.com/in", "auth_type": "basic", "username": "u", "password": "p"}

    def all_alerts():
        return names(ws.list_alerts(skip_user_filter=True))

    notices = {
        "create_alert": lambda: keep("alert", ws.create_alert(alert)),
        "get_alert": lambda: ws.get_alert(kept["alert"].id),
        "update_alert": lambda: ws.update_alert(kept["alert"].id, T.UpdateAlertParams(name="No views", paused=True)),
        "list_alerts": all_alerts,
        "get_alert_count": lambda: ws.get_alert_count(alert_type="anomaly"),
        "get_alert_history": lambda: ws.get_alert_history(kept["alert"].id).results,
        "test_alert": lambda: ws.test_alert(alert),
        "get_alert_screenshot_url": lambda: ws.get_alert_screenshot_url("shot.png").signed_url.startswith("https://"),
        "validate_alerts_for_bookmark": lambda: ws.validate_alerts_for_bookmark(T.ValidateAlertsForBookmarkParams(alert_ids=[kept["alert"].id], bookmark_type="insights", bookmark_params=VIEWS)),
        "delete_alert": lambda: then(lambda: ws.delete_alert(kept["alert"].id), all_alerts),
        "bulk_delete_alerts": lambda: then(lambda: ws.bulk_delete_alerts([int(ENV["MP_SPARE_ALERT"])]), all_alerts),
        "create_webhook": lambda: keep("hook", ws.create_webhook(T.CreateWebhookParams(name="Hook", **hook))),
        "update_webhook": lambda: then(lambda: ws.update_webhook(kept["hook"].id, T.UpdateWebhookParams(is_enabled=False)), lambda: ws.list_webhooks()[0]),
        "list_webhooks": lambda: names(ws.list_webhooks()),
        "test_webhook": lambda: ws.test_webhook(T.WebhookTestParams(**hook)),
        "delete_webhook": lambda: then(lambda: ws.delete_webhook(kept["hook"].id), lambda: ws.list_webhooks()),
        "create_annotation_tag": lambda: keep("tag", ws.create_annotation_tag(T.CreateAnnotationTagParams(name="release"))),
        "list_annotation_tags": lambda: names(ws.list_annotation_tags()),
        "create_annotation": lambda: keep("annotation", ws.create_annotation(T.CreateAnnotationParams(date=f"{DAY} 11:00:00", description="2.0", tags=[kept["tag"].id]))),
        "get_annotation": lambda: ws.get_annotation(kept["annotation"].id),
        "update_annotation": lambda: ws.update_annotation(kept["annotation"].id, T.UpdateAnnotationParams(description="2.0.1")),
        "list_annotations": lambda: sorted(one.description for one in ws.list_annotations(**ON_DAY)),
        "delete_annotation": lambda: then(lambda: ws.delete_annotation(kept["annotation"].id), lambda: [one.description for one in ws.list_annotations()]),
    }

    def seen():
        return ws.get_event_definitions(names=["Seed View"])[0]

    def plan():
        return ws.get_property_definitions(names=["plan"], resource_type="event")[0]

    def anomaly():
        return ws.list_data_volume_anomalies()[0]

    erased = {"event_name": "Seed Buy", "from_date": DAY, "to_date": DAY}
    lexicon = {
        "create_lexicon_tag": lambda: keep("label", ws.create_lexicon_tag(T.CreateTagParams(name="core"))),
        "update_lexicon_tag": lambda: ws.update_lexicon_tag(kept["label"].id, T.UpdateTagParams(name="base")),
        "list_lexicon_tags": lambda: names(ws.list_lexicon_tags()),
        "get_event_definitions": seen,
        "update_event_definition": lambda: then(lambda: ws.update_event_definition("Seed View", T.UpdateEventDefinitionParams(description="Seen", verified=True, tags=["base"])), seen),
        "bulk_update_event_definitions": lambda: then(lambda: ws.bulk_update_event_definitions(T.BulkUpdateEventsParams(events=[T.BulkEventUpdate(name="Seed View", hidden=True)])), seen),
        "get_property_definitions": plan,
        "update_property_definition": lambda: then(lambda: ws.update_property_definition("plan", T.UpdatePropertyDefinitionParams(description="Paid", resource_type="Event")), plan),
        "bulk_update_property_definitions": lambda: then(lambda: ws.bulk_update_property_definitions(T.BulkUpdatePropertiesParams(properties=[T.BulkPropertyUpdate(name="plan", resource_type="Event", sensitive=True)])), plan),
        "get_tracking_metadata": lambda: ws.get_tracking_metadata("Seed View"),
        "get_event_history": lambda: [list(one["changes"]) for one in ws.get_event_history("Seed View")],
        "get_property_history": lambda: [list(one["changes"]) for one in ws.get_property_history("plan", "event")],
        "export_lexicon": lambda: sorted(ws.export_lexicon()),
        "run_audit": lambda: sorted({one.violation for one in ws.run_audit().violations}),
        "run_audit_events_only": lambda: sorted(one.name for one in ws.run_audit_events_only().violations),
        "delete_event_definition": lambda: then(lambda: ws.delete_event_definition("Seed View"), seen),
        "delete_lexicon_tag": lambda: then(lambda: ws.delete_lexicon_tag("base"), lambda: ws.list_lexicon_tags()),
        "init_schema_enforcement": lambda: ws.init_schema_enforcement(T.InitSchemaEnforcementParams(rule_event="Warn and Accept"))["ruleEvent"],
        "get_schema_enforcement": lambda: ws.get_schema_enforcement(),
        "update_schema_enforcement": lambda: then(lambda: ws.update_schema_enforcement(T.UpdateSchemaEnforcementParams(notification_emails=["a@example.com"])), ws.get_schema_enforcement),
        "replace_schema_enforcement": lambda: then(lambda: ws.replace_schema_enforcement(T.ReplaceSchemaEnforcementParams(common_properties=[], user_properties=[], events=[], rule_event="Warn and Hide", notification_emails=[])), ws.get_schema_enforcement),
        "delete_schema_enforcement": lambda: ws.delete_schema_enforcement(),
        "list_data_volume_anomalies": anomaly,
        "update_anomaly": lambda: then(lambda: ws.update_anomaly(T.UpdateAnomalyParams(id=anomaly().id, status="dismissed", anomaly_class="Event")), anomaly),
        "bulk_update_anomalies": lambda: then(lambda: ws.bulk_update_anomalies(T.BulkUpdateAnomalyParams(anomalies=[T.BulkAnomalyEntry(id=anomaly().id, anomaly_class="Event")], status="open")), anomaly),
        "preview_deletion_filters": lambda: ws.preview_deletion_filters(T.PreviewDeletionFiltersParams(**erased)),
        "create_deletion_request": lambda: keep("deletion", newest(ws.create_deletion_request(T.CreateDeletionRequestParams(**erased)))),
        "list_deletion_requests": lambda: [one.event_name for one in ws.list_deletion_requests()],
        "cancel_deletion_request": lambda: ws.cancel_deletion_request(kept["deletion"].id),
        "create_schema": lambda: then(lambda: ws.create_schema("event", "Sign Up", SCHEMA), lambda: [one.schema_definition for one in ws.list_schema_registry()]),
        "update_schema": lambda: then(lambda: ws.update_schema("event", "Sign Up", {**SCHEMA, "description": "Joined"}), lambda: [one.schema_definition for one in ws.list_schema_registry()]),
        "create_schemas_bulk": lambda: ws.create_schemas_bulk(T.BulkCreateSchemasParams(entries=[T.SchemaEntry(entity_type="event", name="Log In", schema_definition=SCHEMA)])),
        "update_schemas_bulk": lambda: ws.update_schemas_bulk(T.BulkCreateSchemasParams(entries=[T.SchemaEntry(entity_type="event", name="Log In", schema_definition={**SCHEMA, "description": "Came"})])),
        "list_schema_registry": lambda: names(ws.list_schema_registry(entity_type="event")),
        "lexicon_schemas": lambda: names(ws.lexicon_schemas()),
        "schema_graph": lambda: sorted({one["name"] for one in ws.schema_graph(include_density=True).to_dict()["events"]}),
        "delete_schemas": lambda: ws.delete_schemas(entity_type="event", entity_name="Sign Up"),
        "get_drop_filter_limits": lambda: ws.get_drop_filter_limits(),
        "create_drop_filter": lambda: keep("drop", newest(ws.create_drop_filter(T.CreateDropFilterParams(event_name="Seed Buy", filters=[IS_PRO])))),
        "update_drop_filter": lambda: newest(ws.update_drop_filter(T.UpdateDropFilterParams(id=kept["drop"].id, active=False))),
        "list_drop_filters": lambda: [one.event_name for one in ws.list_drop_filters()],
        "delete_drop_filter": lambda: ws.delete_drop_filter(kept["drop"].id),
    }

    twice = {"name": "Twice", "resource_type": "events", "display_formula": "A * 2", "composed_properties": {"A": {"value": "amount", "type": "number", "resource_type": "event"}}}

    def table():
        return [one for one in ws.list_lookup_tables() if one.id == kept["table"].id]

    def uploaded():
        path = written("prices.csv", "id,price\n1,5\n2,7\n")
        return keep("table", ws.upload_lookup_table(T.UploadLookupTableParams(name="Prices", file_path=path)))

    view = headless.Metric("Seed View")
    definitions = {
        "validate_custom_property": lambda: ws.validate_custom_property(T.CreateCustomPropertyParams(**twice)),
        "create_custom_property": lambda: keep("twice", ws.create_custom_property(T.CreateCustomPropertyParams(**twice))),
        "get_custom_property": lambda: ws.get_custom_property(str(kept["twice"].custom_property_id)),
        "update_custom_property": lambda: ws.update_custom_property(str(kept["twice"].custom_property_id), T.UpdateCustomPropertyParams(name="Thrice", display_formula="A * 3", composed_properties=twice["composed_properties"])),
        "list_custom_properties": lambda: names(ws.list_custom_properties()),
        "delete_custom_property": lambda: then(lambda: ws.delete_custom_property(str(kept["twice"].custom_property_id)), ws.list_custom_properties),
        "create_custom_event": lambda: keep("any", ws.create_custom_event(T.CreateCustomEventParams(name="Any seed", alternatives=["Seed View", "Seed Buy"]))),
        "update_custom_event": lambda: then(lambda: ws.update_custom_event(kept["any"].id, T.UpdateEventDefinitionParams(description="Both")), lambda: ws.list_custom_events()[0]),
        "list_custom_events": lambda: names(ws.list_custom_events()),
        "delete_custom_event": lambda: then(lambda: ws.delete_custom_event(kept["any"].id), ws.list_custom_events),
        "create_metric": lambda: keep("metric", ws.create_metric(T.CreateMetricParams(name="Views", definition=view))),
        "get_metric": lambda: ws.get_metric(kept["metric"].id),
        "update_metric": lambda: ws.update_metric(kept["metric"].id, T.UpdateMetricParams(name="All views", verified=True)),
        "bulk_update_metrics": lambda: ws.bulk_update_metrics([T.BulkUpdateMetricEntry(id=kept["metric"].id, description="All")])[0],
        "list_metrics": lambda: names(ws.list_metrics(metric_type="metric")),
        "run_params": lambda: list(ws.run_params(ws.build_params(kept["metric"], **ON_DAY)).series.values()),
        "delete_metric": lambda: then(lambda: ws.delete_metric(kept["metric"].id), ws.list_metrics),
        "delete_metrics": lambda: then(lambda: ws.delete_metrics([ws.create_metric(T.CreateMetricParams(name=name, definition=view)).id for name in "AB"]), ws.list_metrics),
        "create_behavior": lambda: keep("behavior", ws.create_behavior(T.CreateBehaviorParams(name="View to buy", behavior=headless.FunnelBehavior(["Seed View", "Seed Buy"])))),
        "get_behavior": lambda: ws.get_behavior(kept["behavior"].id),
        "update_behavior": lambda: ws.update_behavior(kept["behavior"].id, T.UpdateBehaviorParams(description="Bought")),
        "list_behaviors": lambda: names(ws.list_behaviors()),
        "run_funnel_params": lambda: [one["count"] for one in ws.run_funnel_params(ws.build_funnel_params(kept["behavior"], **ON_DAY)).steps_data],
        "delete_behavior": lambda: then(lambda: ws.delete_behavior(kept["behavior"].id), ws.list_behaviors),
        "delete_behaviors": lambda: then(lambda: ws.delete_behaviors([ws.create_behavior(T.CreateBehaviorParams(name="Again", behavior=headless.FunnelBehavior(["Seed View", "Seed Buy"]))).id]), ws.list_behaviors),
        "upload_lookup_table": uploaded,
        "list_lookup_tables": table,
        "update_lookup_table": lambda: then(lambda: ws.update_lookup_table(kept["table"].id, T.UpdateLookupTableParams(name="Price list")), table),
        "download_lookup_table": lambda: ws.download_lookup_table(kept["table"].id).decode(),
        "get_lookup_upload_url": lambda: keep("upload", ws.get_lookup_upload_url()).url.startswith("https://"),
        "get_lookup_download_url": lambda: ws.get_lookup_download_url(kept["table"].id).startswith("https://"),
        "get_lookup_upload_status": lambda: ws.get_lookup_upload_status("unknown"),
        "delete_lookup_tables": lambda: then(lambda: ws.delete_lookup_tables([kept["table"].id]), table),
        "set_business_context": lambda: ws.set_business_context("# Shop"),
        "get_business_context": lambda: ws.get_business_context(),
        "get_business_context_chain": lambda: ws.get_business_context_chain(),
        "clear_business_context": lambda: ws.clear_business_context(),
    }

    def recorded(events):
        return [one["timestamp"] for one in events]

    replays = {
        "list_replays": lambda: ws.list_replays(distinct_id="seed-1", **ON_DAY),
        "sign_replay": lambda: ws.sign_replay(RECORDING).replay_id,
        "sign_replays": lambda: [one.replay_id for one in ws.sign_replays([RECORDING])],
        "fetch_replay": lambda: len(ws.fetch_replay(RECORDING).rrweb_events),
        "fetch_replays": lambda: [one.replay_id for one in ws.fetch_replays([RECORDING]).replays],
        "stream_replay": lambda: len(recorded(ws.stream_replay(RECORDING))),
        "analyze_replay": lambda: "Navigated to https://shop.example.com/" in ws.analyze_replay(RECORDING),
        "events_for_replay": lambda: sorted(one.event_name for one in ws.events_for_replay(RECORDING, **ON_DAY)),
        "events_for_replays": lambda: {name: sorted(one.event_name for one in events) for name, events in ws.events_for_replays([RECORDING], **ON_DAY).items()},
        "replays_for_user": lambda: [one.replay_id for one in ws.replays_for_user("seed-1", **ON_DAY).replays],
    }

    reads = {
        "me": lambda: sorted(ws.me().projects),
        "projects": lambda: names(ws.projects()),
        "workspaces": lambda: names(ws.workspaces()),
        "list_workspaces": lambda: names(ws.list_workspaces()),
        "resolve_workspace_id": lambda: ws.resolve_workspace_id() > 0,
        "events": lambda: ws.events(),
        "properties": lambda: ws.properties("Seed View"),
        "property_values": lambda: ws.property_values("plan", event="Seed View"),
        "subproperties": lambda: [[one.name, one.type] for one in ws.subproperties("cart", event="Seed Cart")],
        "funnels": lambda: names(ws.funnels()),
        "top_events": lambda: ws.top_events(),
        "activity_feed": lambda: [one.event for one in ws.activity_feed(["seed-2"], **ON_DAY).events],
        "stream_events": lambda: sorted(one["event_name"] for one in ws.stream_events(events=["Seed View", "Seed Buy"], **ON_DAY)),
        "stream_profiles": lambda: sorted(one["distinct_id"] for one in ws.stream_profiles()),
        "segmentation": lambda: ws.segmentation("Seed View", on="plan", **ON_DAY).series,
        "segmentation_sum": lambda: ws.segmentation_sum("Seed View", on="amount", **ON_DAY).results,
        "segmentation_average": lambda: ws.segmentation_average("Seed View", on="amount", **ON_DAY).results,
        "segmentation_numeric": lambda: sum(sum(one.values()) for one in ws.segmentation_numeric("Seed View", on="amount", **ON_DAY).series.values()),
        "event_counts": lambda: ws.event_counts(["Seed View", "Seed Buy"], **ON_DAY).series,
        "property_counts": lambda: ws.property_counts("Seed View", "plan", **ON_DAY).series,
        "funnel": lambda: [one.count for one in ws.funnel(7001, **ON_DAY).steps],
        "retention": lambda: [[one.date, one.size, one.retention[0]] for one in ws.retention(born_event="Seed View", return_event="Seed Buy", **ON_DAY).cohorts],
        "frequency": lambda: ws.frequency(event="Seed View", **ON_DAY).data[DAY][:2],
        "run_retention_params": lambda: ws.run_retention_params(ws.build_retention_params("Seed View", "Seed Buy", retention_unit="day", **ON_DAY)).cohorts,
        "run_flow_params": lambda: ws.run_flow_params(ws.build_flow_params("Seed View", forward=1, **ON_DAY)).nodes_df["event"].tolist(),
        "run_user_params": lambda: ws.run_user_params(ws.build_user_params(where=headless.Filter.equals("plan", "pro"))).total,
    }
    return {**reads, **boards, **cohorts, **flags, **notices, **lexicon, **definitions, **replays}
