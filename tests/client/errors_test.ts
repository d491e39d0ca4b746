import { describe, it } from "node:test";
import assert from "node:assert/strict";
import type { ErrorCategory, MpError } from "../../src/errors.ts";
import { errorInBody, type Exchange, statusError } from "../../src/client/errors.ts";
import { RejectedRecordsError } from "../../src/client/rejected_records.ts";
import type { Family } from "../../src/client/types.ts";

function exchangeOf(family: Family = "query", changes: Partial<Exchange> = {}): Exchange {
  return {
    request: { method: "GET", family, repeatable: true },
    url: new URL("https://mixpanel.com/api/query/funnels?token=tkn"),
    connection: { region: "us", projectId: "123" },
    authorization: { kind: "service_account", username: "ana", secret: "s3cret" },
    ...changes,
  };
}

function refusal(status: number, text: string, changes: Partial<Exchange> = {}, headers = {}): MpError {
  return statusError(exchangeOf("query", changes), { status, headers: new Headers(headers), text, now: 0 });
}

function inBody(text: string, family: Family = "query"): MpError | undefined {
  return errorInBody(exchangeOf(family), { status: 200, headers: new Headers(), text, now: 0 });
}

describe("the reference's standard error", () => {
  const standard = JSON.stringify({
    status: "error",
    error: "Invalid parameter",
    error_code: "INVALID_PARAM",
    details: { parameter: "from_date", message: "Must be in YYYY-MM-DD format" },
  });

  it("has its code and its parameter in the message, and as fields of their own", () => {
    for (const error of [refusal(400, standard), inBody(standard)!]) {
      assert.match(error.message, /^Cannot GET mixpanel\.com\/api\/query\/funnels: .* \(INVALID_PARAM: from_date\)$/);
      assert.equal(error.serverMessage, "Invalid parameter: from_date: Must be in YYYY-MM-DD format");
      assert.deepEqual([error.serverCode, error.parameter, error.exitCode], ["INVALID_PARAM", "from_date", 3]);
    }
  });

  it("is one of Mixpanel's own also when it says nothing but its code", () => {
    const error = refusal(404, '{"error_code": "NOT_FOUND"}');
    assert.deepEqual([error.code, error.endpointMissing, error.serverCode], ["not_found", false, "NOT_FOUND"]);
    assert.match(error.message, /not found \(NOT_FOUND\)$/);
  });
});

describe("an error status", () => {
  for (
    const [status, text, category, code] of [
      [400, '{"error":"unknown event"}', "input", "bad_request"],
      [400, '{"error":"Unable to authenticate request","request":"/api/2.0/x?y"}', "auth", "refused_credentials"],
      [400, "Unable to authenticate request", "auth", "refused_credentials"],
      [400, '{"error":"to_date cannot be later than today"}', "input", "future_date"],
      [400, '{"status":"error","error":"Workspace is required"}', "input", "missing_workspace_id"],
      [
        400,
        "Your plan does not support raw data export. Visit mixpanel.com/pricing to upgrade.",
        "auth",
        "plan_lacks_api",
      ],
      [400, '{"error":"not a project member"}', "auth", "not_a_member"],
      [400, '{"error":"Credentials in request did not match project_id URL parameter"}', "auth", "wrong_project"],
      [401, '{"code":401,"error":"Invalid credentials","status":"Unauthorized"}', "auth", "refused_credentials"],
      [401, "", "auth", "refused_credentials"],
      [402, '{"error":"upgrade"}', "auth", "plan_lacks_api"],
      [403, '{"error":"no"}', "auth", "forbidden"],
      [403, '{"error":"Date range exceeds 90 days into the past"}', "input", "history_limit"],
      [404, '{"status":"error","error":"Annotation not found"}', "not_found", "not_found"],
      [405, '{"error":"Method not allowed"}', "input", "wrong_method"],
      [409, '{"error":"exists"}', "input", "http_409"],
      [412, '{"error":"Uncaught TypeError"}', "input", "script_failed"],
      [413, '{"code":413,"error":"request exceeds max limit of 2097152 bytes"}', "input", "too_large"],
      [422, '{"error":"x"}', "input", "http_422"],
      [429, "", "rate_limited", "rate_limited"],
      [400, '{"error": "too many export requests in progress for this project"}', "rate_limited", "rate_limited"],
      [407, "", "network", "proxy_auth"],
      [408, "", "server", "timeout"],
      [410, "", "not_found", "gone"],
      [500, '{"error":"Timeout Error."}', "server", "http_500"],
      [503, "", "server", "http_503"],
      [304, "", "server", "http_304"],
    ] as [number, string, ErrorCategory, string][]
  ) {
    it(`${status} with ${text.slice(0, 40) || "nothing"} is ${category}, ${code}`, () => {
      const error = refusal(status, text);
      assert.equal(error.category, category);
      assert.equal(error.code, code);
      assert.equal(error.status, status);
      assert.equal(error.endpointMissing, false);
      assert.match(error.message, /^Cannot GET mixpanel\.com\/api\/query\/funnels: \w.*[^.]$/);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /tkn|s3cret/);
    });
  }

  it("keeps the server's words apart from ours", () => {
    const error = refusal(400, '{"error":"unknown event","request":"/api/2.0/x"}');
    assert.equal(error.serverMessage, "unknown event");
    assert.doesNotMatch(error.message, /unknown event/);
  });

  it("names the region that was asked, and the others", () => {
    assert.match(
      refusal(401, "").hint!,
      /check MP_USERNAME and MP_SECRET; the us region .* --region eu or --region in/,
    );
    const elsewhere = { connection: { region: "us" as const, baseUrl: "http://127.0.0.1:1" } };
    assert.match(refusal(401, "", elsewhere).hint!, /MP_API_BASE_URL/);
    assert.match(refusal(403, '{"error":"no"}').hint!, /access to project 123\?/);
    const byVariable = {
      connection: { region: "us" as const, projectId: "123", places: { projectId: "MP_PROJECT_ID" } },
    };
    assert.match(refusal(403, "{}", byVariable).hint!, /access to project 123, which MP_PROJECT_ID names\?/);
  });

  it("names the account that credentials, region and address come from", () => {
    const places = { identity: "account 'tgt'", region: "account 'tgt'" };
    const ofAccount = { connection: { region: "us" as const, projectId: "123", places } };
    assert.equal(
      refusal(401, "", ofAccount).hint,
      "check the service account of account 'tgt'; account 'tgt' has region us; a project of another needs eu or in there",
    );
    const token = { kind: "project_token" as const, token: "t" };
    assert.match(refusal(401, "", { ...ofAccount, authorization: token }).hint!, /^check MP_TOKEN; /);
    const ownToken = { connection: { region: "us" as const, places: { projectToken: "account 'b'" } } };
    assert.match(
      refusal(401, "", { ...ownToken, authorization: token }).hint!,
      /^check the project token of account 'b'; the us region was asked/,
    );
    const ownHost = { ...places, baseUrl: "account 'tgt'" };
    const elsewhere = { connection: { region: "us" as const, baseUrl: "http://127.0.0.1:1", places: ownHost } };
    assert.match(refusal(401, "", elsewhere).hint!, /; base_url of account 'tgt' sends everything to mixpanel\.com$/);
    assert.match(refusal(404, "", elsewhere).hint!, /base_url of account 'tgt' sends everything there/);
  });

  it("takes words of the plan, the date and the zone to a hint", () => {
    assert.match(refusal(402, "").hint!, /Plan/);
    assert.match(refusal(403, "Date range exceeds 90 days into the past").hint!, /--from/);
    assert.match(refusal(400, '{"error":"to_date cannot be later than today"}').hint!, /--to yesterday/);
  });

  for (
    const [what, text] of [
      ["an HTML page", "<!DOCTYPE html><html><head><title>Not Found</title></head></html>"],
      ["plain text", "404 page not found"],
      ["nothing", ""],
      ["JSON of someone else", '{"detail":"Not found."}'],
      ["a JSON list", "[]"],
    ] as const
  ) {
    for (const status of [404, 405]) {
      it(`${status} with ${what} says that the endpoint is missing`, () => {
        const error = refusal(status, text);
        assert.equal(error.endpointMissing, true);
        assert.equal(error.category, "not_found");
        assert.match(error.message, /no such endpoint$/);
      });
    }
  }

  it("takes an object for an error apart", () => {
    const nested = '{"status":"error","error":{"message":"bad ruleset","field":"ruleset.rollout"}}';
    assert.equal(refusal(400, nested).serverMessage, "ruleset.rollout: bad ruleset");
    const byField = '{"status":"error","error":{"name":["required"],"key":["too long","taken"]}}';
    assert.equal(refusal(400, byField).serverMessage, "name: required; key: too long; taken");
  });

  it("adds details", () => {
    const text = '{"status":"error","error":"Invalid","details":[{"field":"a","message":"must be a day"}]}';
    assert.equal(refusal(400, text).serverMessage, "Invalid: a: must be a day");
  });

  it("reduces a page to its title, or to its first words", () => {
    const page = "<html><head><title>502\nBad <b>Gateway</b></title></head><body>…</body></html>";
    assert.equal(refusal(502, page).serverMessage, "an HTML page: 502 Bad Gateway");
    assert.equal(refusal(502, "<html><script>1 < 2</script><p>x</p></html>").serverMessage, "an HTML page: x");
    assert.equal(refusal(502, "<html><script>1").serverMessage, "an HTML page");
  });

  it("cleans the server's words of control characters and bounds them", () => {
    const nasty = JSON.stringify({ error: "a\u001b[31mred\u001b[0m\r\n\u0007b\u202ec\u2028d" + "x".repeat(5000) });
    const { serverMessage } = refusal(400, nasty);
    // deno-lint-ignore no-control-regex -- it is what must not be there
    assert.doesNotMatch(serverMessage!, /[\u0000-\u001f\u007f-\u009f\u202e\u2028]/);
    assert.ok(serverMessage!.startsWith("ared bc dxx"));
    assert.ok(serverMessage!.length <= 401);
  });

  it("survives bodies that only look like JSON", () => {
    for (const text of ["{", '{"error":', "null", '"text"', '{"error":null}', "\u0000\u0001"]) {
      assert.equal(refusal(500, text).category, "server");
    }
  });

  it("keeps the request's id from headers or body", () => {
    assert.equal(refusal(500, "", {}, { "x-request-id": "r-1" }).requestId, "r-1");
    assert.equal(refusal(500, '{"error":"x","request_id":"r-2"}').requestId, "r-2");
  });

  it("of a strict import carries the refused records", () => {
    const text = JSON.stringify({
      code: 400,
      error: "some data points in the request failed validation",
      status: "Bad Request",
      num_records_imported: 1,
      failed_records: [{ index: 1, insert_id: "b", field: "properties.time", message: "must not be missing" }, "no"],
    });
    const error = refusal(400, text, { request: { method: "POST", family: "ingestion", repeatable: false } });
    assert.ok(error instanceof RejectedRecordsError);
    assert.equal(error.exitCode, 8);
    assert.equal(error.importedCount, 1);
    assert.equal(error.failedRecords.length, 2);
    assert.equal(error.failedRecords[1], "no");
    assert.match(error.message, /2 records were refused$/);
  });

  it("with an empty list of refused records, and no count, is about the whole request", () => {
    const error = refusal(400, '{"error":"Bad request","failed_records":[]}');
    assert.ok(!(error instanceof RejectedRecordsError));
    assert.equal(error.serverMessage, "Bad request");
  });

  it("with a count of records that were taken, and none that were refused, is about records", () => {
    for (const list of ["", ',"failed_records":[]']) {
      const error = refusal(400, `{"error":"some failed","num_records_imported":3${list}}`);
      assert.ok(error instanceof RejectedRecordsError);
      assert.deepEqual([error.importedCount, error.failedRecords], [3, []]);
    }
  });

  it("of a strict import that took nothing is bad input", () => {
    const text = '{"code":400,"error":"x","num_records_imported":0,"failed_records":[{"index":0,"message":"m"}]}';
    assert.equal(refusal(400, text).exitCode, 3);
  });
});

describe("an error within a success", () => {
  for (
    const [family, text, words] of [
      ["ingestion", "0", undefined],
      ["ingestion", "0\n", undefined],
      ["ingestion", '{"error":"event, missing","status":0}', "event, missing"],
      ["query", '{"error":"Query took too long"}', "Query took too long"],
      ["query", '{"error":"bad selector","request":"/api/query/x"}', "bad selector"],
      ["app", '{"status":"error","error":"no"}', "no"],
      ["app", '{"status":"error","error":{"message":"no"}}', "no"],
      ["flags", '{"error":"no","status":"error"}', "no"],
    ] as const
  ) {
    it(`is found in ${family}: ${text.trim()}`, () => {
      const error = inBody(text, family);
      assert.equal(error?.category, "input");
      assert.equal(error?.serverMessage, words);
    });
  }

  it("is judged by its words", () => {
    assert.equal(inBody('{"error":"Unable to authenticate request"}')?.category, "auth");
    assert.equal(inBody('{"error":"Query rate limit exceeded"}')?.category, "rate_limited");
  });

  it("of an import that took nothing carries the count", () => {
    const text = '{"code":200,"error":"some data points in the request failed validation",' +
      '"num_records_imported":0,"status":0}';
    const error = inBody(text, "ingestion");
    assert.ok(error instanceof RejectedRecordsError);
    assert.equal(error.importedCount, 0);
  });

  for (
    const [family, text] of [
      ["ingestion", "1"],
      ["ingestion", '{"error":null,"status":1}'],
      ["ingestion", '{"error":"","status":1}'],
      ["ingestion", '{"code":200,"error":null,"num_records_imported":1,"status":1}'],
      ["ingestion", '{"code":200,"num_records_imported":2,"status":"OK"}'],
      ["query", "0"],
      ["query", '{"error":{"count":12},"plan":{"count":3}}'],
      ["query", '{"error":12,"plan":3}'],
      ["query", '{"data":{"series":[],"values":{"error":{}}},"legend_size":1}'],
      ["query", '[{"error":"an event named so"}]'],
      ["query", '{"results":[],"error":null,"status":"ok"}'],
      ["query", '{"error":"x","session_id":"1","results":[]}'],
      ["app", '{"status":"ok","results":{"error":"x"}}'],
      ["app", '{"status":"ok","error":"a field of this name"}'],
      ["app", ""],
    ] as [Family, string][]
  ) {
    it(`is not seen in ${family}: ${text}`, () => assert.equal(inBody(text, family), undefined));
  }
});
