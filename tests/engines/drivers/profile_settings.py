"""What profiles of ClickHouse's users may set, and answers must not depend on."""

SETTINGS = (
    "join_use_nulls = 1",
    "transform_null_in = 1",
    "group_by_use_nulls = 1",
    "aggregate_functions_null_for_empty = 1",
    "prefer_column_name_to_alias = 1",
    "cast_keep_nullable = 1",
    "data_type_default_nullable = 1",
    "union_default_mode = 'DISTINCT'",
    "join_algorithm = 'partial_merge'",
    "session_timezone = 'Asia/Tokyo'",
    "date_time_output_format = 'iso'",
)


def set_profile(engine):
    for setting in SETTINGS:
        engine.query(f"SET {setting}")
