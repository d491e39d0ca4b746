/** The API reference's own sample of every endpoint's answer, with the command that asks for it and the CSV that it is. */

export const DAYS = "--from 2024-01-01 --to 2024-01-02";
const ORG = "--organization 9";

export interface Sample {
  /** What is typed; what stands in single quotes is one word. */
  command: string;
  method?: string;
  path: string;
  /** Endpoints that are tried before, and are not there. */
  absent?: readonly [method: string, path: string][];
  answer: unknown;
  status?: number;
  /** The whole CSV. Undefined for a command whose answer says nothing but that it was done. */
  csv?: string;
  /** Found in the table. */
  table?: RegExp;
  /** Sample of a report or task, whose shape is no list or has a place of its own for the result. */
  isBare?: boolean;
  stdin?: string;
}

export const SAMPLES: readonly Sample[] = [
  { command: "track A --distinct-id u", method: "POST", path: "/track", answer: { status: 1 }, csv: "status\n1\n" },
  { command: "profiles set u a=1", method: "POST", path: "/engage", answer: { status: 1 }, csv: "status\n1\n" },
  {
    command: "identity identify u 6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a",
    method: "POST",
    path: "/track",
    answer: { status: 1 },
    csv: "status\n1\n",
  },
  { command: "identity alias u b", method: "POST", path: "/track", answer: { status: 1 }, csv: "status\n1\n" },
  { command: "identity merge a b --yes", method: "POST", path: "/import", answer: { status: 1 }, csv: "status\n1\n" },
  {
    command: `query events 'Event Name' ${DAYS}`,
    path: "/api/query/events",
    answer: {
      data: {
        series: ["2024-01-01", "2024-01-02"],
        values: { "Event Name": { "2024-01-01": 100, "2024-01-02": 150 } },
      },
    },
    csv: "date,event,value\n2024-01-01,Event Name,100\n2024-01-02,Event Name,150\n",
    table: /2024-01-02 +150/,
  },
  {
    command: "events top",
    path: "/api/query/events/top",
    answer: { events: [{ event: "Sign Up", amount: 1000 }, { event: "Login", amount: 5000 }] },
    csv: "event,amount,percent_change\nSign Up,1000,\nLogin,5000,\n",
    table: /Sign Up +1,000/,
  },
  {
    command: "events list",
    path: "/api/query/events/names",
    answer: ["Event 1", "Event 2", "Event 3"],
    csv: "event\nEvent 1\nEvent 2\nEvent 3\n",
    table: /Event 3/,
  },
  {
    command: `query properties A name ${DAYS}`,
    path: "/api/query/events/properties",
    answer: {
      data: { series: ["2024-01-01"], values: { value1: { "2024-01-01": 100 }, value2: { "2024-01-01": 50 } } },
    },
    csv: "date,segment,value\n2024-01-01,value1,100\n2024-01-01,value2,50\n",
    table: /2024-01-01 +100 +50/,
  },
  {
    command: "events properties A",
    path: "/api/query/events/properties/top",
    answer: { "$browser": 45.2, "$os": 38.1, custom_prop: 22.3 },
    csv: "property,count\n$browser,45.2\n$os,38.1\ncustom_prop,22.3\n",
    table: /\$os +38\.1/,
  },
  {
    command: "events values A name",
    path: "/api/query/events/properties/values",
    answer: ["Chrome", "Firefox", "Safari"],
    csv: "value\nChrome\nFirefox\nSafari\n",
    table: /Firefox/,
  },
  {
    command: `query segmentation A ${DAYS}`,
    path: "/api/query/segmentation",
    answer: {
      data: {
        series: ["2024-01-01"],
        values: { "Segment 1": { "2024-01-01": 100 }, "Segment 2": { "2024-01-01": 200 } },
      },
    },
    csv: "date,segment,value\n2024-01-01,Segment 1,100\n2024-01-01,Segment 2,200\n",
    table: /2024-01-01 +200 +100/,
  },
  {
    command: `query funnel 7 ${DAYS}`,
    path: "/api/query/funnels",
    answer: {
      data: { "2024-01-01": [{ count: 1000, step: 0, name: "Step 1" }, { count: 800, step: 1, name: "Step 2" }] },
    },
    csv: "step,event,count,conversion,from_previous,avg_time\n1,Step 1,1000,1,,\n2,Step 2,800,0.8,0.8,\n",
    table: /Step 2/,
  },
  {
    command: "funnels list",
    path: "/api/query/funnels/list",
    answer: [{ funnel_id: 123, name: "Signup Flow", steps: [] }],
    csv: "funnel_id,name\n123,Signup Flow\n",
    table: /123 +Signup Flow/,
  },
  {
    command: `query retention A ${DAYS}`,
    path: "/api/query/retention",
    answer: { data: { "2024-01-01": { counts: [1000, 800, 600, 400], percents: [100, 80, 60, 40] } } },
    csv: "date,people,day_0,day_1,day_2,day_3\n2024-01-01,1000,1000,800,600,400\n",
    table: /2024-01-01 +1,000 +100\.?0?% +80\.?0?% +60\.?0?% +40\.?0?%/,
  },
  {
    command: "query insights 5 -w 12",
    path: "/api/query/insights",
    answer: {
      computed_at: "2020-09-21T16:35:41.252314+00:00",
      date_range: { from_date: "2020-08-31T00:00:00-07:00", to_date: "2020-09-12T23:59:59.999000-07:00" },
      series: { "Logged in": { "2020-08-31T00:00:00-07:00": 9852, "2020-09-07T00:00:00-07:00": 4325 } },
    },
    csv: "date,segment,value\n2020-08-31,Logged in,9852\n2020-09-07,Logged in,4325\n",
    table: /9,852/,
  },
  {
    command: "query jql --code 'function main() { return [] }'",
    method: "POST",
    path: "/api/query/jql",
    answer: [["Chrome", 1500], ["Firefox", 800], ["Safari", 600]],
    csv: "value_1,value_2\nChrome,1500\nFirefox,800\nSafari,600\n",
    table: /Firefox +800/,
  },
  {
    command: "profiles list",
    method: "POST",
    path: "/api/query/engage",
    answer: {
      results: [{ $distinct_id: "user123", $properties: { plan: "pro" } }],
      page: 0,
      page_size: 1000,
      session_id: "session123",
      total: 1,
    },
    csv: "$distinct_id,plan\nuser123,pro\n",
    table: /user123 +pro/,
    isBare: true,
  },
  {
    command: "profiles list",
    path: "/api/query/engage",
    absent: [["POST", "/api/query/engage"], ["POST", "/api/2.0/engage"]],
    answer: {
      results: [{ $distinct_id: "user123", $properties: {} }],
      page: 0,
      page_size: 1000,
      session_id: "session123",
      total: 1,
    },
    csv: "$distinct_id\nuser123\n",
    table: /user123/,
    isBare: true,
  },
  {
    command: "profiles get user123",
    path: "/api/query/engage/query",
    absent: [["POST", "/api/query/engage"], ["POST", "/api/2.0/engage"]],
    answer: { $distinct_id: "user123", $properties: { $name: "John Doe", $email: "john@example.com" } },
    csv: "$distinct_id,$name,$email\nuser123,John Doe,john@example.com\n",
    table: /\$name +John Doe/,
    isBare: true,
  },
  {
    command: "lexicon list",
    path: "/api/app/projects/1000001/schemas",
    answer: {
      event_schemas: [{
        name: "Signup",
        display_name: "User Signup",
        description: "User creates account",
        properties: {},
      }],
      property_schemas: [],
    },
    csv: "type,name,display_name,description,properties\nevent,Signup,User Signup,User creates account,{}\n",
    table: /event +Signup +User Signup/,
  },
  {
    command: "events delete A --from 2024-01-01 --to 2024-01-02 --yes",
    method: "POST",
    path: "/api/app/projects/1000001/delete-events",
    answer: { status: "pending", deletion_job_id: "job123" },
    csv: "status,deletion_job_id\npending,job123\n",
    table: /job123/,
    isBare: true,
  },
  {
    command: "projects list",
    path: "/api/app/projects",
    absent: [["GET", "/api/app/me"]],
    answer: [{ id: 12345, name: "Production", token: "abc123", timezone: "US/Pacific" }],
    csv: "id,name,organization,timezone\n12345,Production,,US/Pacific\n",
    table: /12345 +Production +US\/Pacific/,
  },
  {
    command: "projects create 'New Project' --timezone US/Pacific",
    method: "POST",
    path: "/api/app/projects",
    status: 201,
    answer: { id: 12346, name: "New Project", token: "xyz789", api_secret: "secret123" },
    csv: "id,name,token,api_secret\n12346,New Project,xyz789,secret123\n",
    table: /12346 +New Project/,
  },
  {
    command: `service-accounts list ${ORG}`,
    path: "/api/app/organizations/9/service-accounts",
    answer: [{
      id: "sa_123",
      name: "API Integration",
      created_at: "2024-01-01T00:00:00Z",
      projects: ["project1", "project2"],
    }],
    csv:
      "id,username,created,expires,last_used,projects\nsa_123,API Integration,2024-01-01T00:00:00Z,,,project1 project2\n",
    table: /sa_123 +API Integration/,
  },
  {
    command: `service-accounts create 'New Service Account' --role admin ${ORG}`,
    method: "POST",
    path: "/api/app/organizations/9/service-accounts",
    status: 201,
    answer: { id: "sa_124", name: "New Service Account", secret: "sa_secret_xyz", created_at: "2024-01-01T00:00:00Z" },
    csv: "id,username,secret\nsa_124,New Service Account,sa_secret_xyz\n",
    table: /sa_124 +New Service Account +sa_secret_xyz/,
  },
  {
    command: `service-accounts add-to-project sa_123 --project-id 12345 --role analyst ${ORG}`,
    method: "POST",
    path: "/api/app/organizations/9/service-accounts/add-to-project",
    answer: {},
    csv: "",
  },
  {
    command: `service-accounts delete sa_123 --yes ${ORG}`,
    method: "DELETE",
    path: "/api/app/organizations/9/service-accounts/sa_123",
    answer: {},
    csv: "",
  },
  {
    command: "gdpr retrieve user123 user456",
    method: "POST",
    path: "/api/app/data-retrievals/v3.0/",
    answer: {
      status: "ok",
      results: [{ status: "PENDING", tracking_id: "1583792934719392965", project_id: 1978118, distinct_id_count: 2 }],
    },
    csv: "tracking_id,users\n1583792934719392965,2\n",
    table: /1583792934719392965 +2/,
    isBare: true,
  },
  {
    command: "gdpr status 1583792934719392965 --kind retrieval",
    path: "/api/app/data-retrievals/v3.0/1583792934719392965",
    answer: { results: { status: "SUCCESS", destination_url: "https://example.com/x.zip" } },
    csv: "kind,status,users,result\nretrieval,SUCCESS,,https://example.com/x.zip\n",
    table: /SUCCESS/,
    isBare: true,
  },
  {
    command: "gdpr delete user123 --yes",
    method: "POST",
    path: "/api/app/data-deletions/v3.0/",
    answer: { status: "ok", results: [{ status: "PENDING", deletion_job_id: "job123" }] },
    csv: "tracking_id,users\njob123,1\n",
    table: /job123 +1/,
    isBare: true,
  },
  {
    command: "pipelines sync --warehouse-id warehouse123 --table users --table events",
    method: "POST",
    path: "/api/2.0/data-pipelines/warehouse/sync",
    answer: { sync_id: "sync123", status: "running", started_at: "2024-01-01T00:00:00Z" },
    csv: "sync_id,status,started_at\nsync123,running,2024-01-01T00:00:00Z\n",
    table: /sync123/,
    isBare: true,
  },
  {
    command: "pipelines sync-status sync123",
    path: "/api/2.0/data-pipelines/status/sync123",
    answer: { sync_id: "sync123", status: "completed", rows_processed: 1000000, errors: [] },
    csv: "sync_id,status,rows_processed,errors\nsync123,completed,1000000,0\n",
    table: /completed/,
    isBare: true,
  },
  {
    command: "cohorts list",
    method: "POST",
    path: "/api/query/cohorts/list",
    answer: [{ id: "cohort123", name: "Power Users", count: 5000, created: "2024-01-01" }],
    csv: "id,name,count,visible,created,description\ncohort123,Power Users,5000,,2024-01-01,\n",
    table: /cohort123 +Power Users +5,000/,
  },
  {
    command: "cohorts list",
    path: "/api/query/cohorts/list",
    absent: [["POST", "/api/query/cohorts/list"], ["POST", "/api/2.0/cohorts/list"]],
    answer: [{ id: "cohort123", name: "Power Users", count: 5000, created: "2024-01-01" }],
    csv: "id,name,count,visible,created,description\ncohort123,Power Users,5000,,2024-01-01,\n",
    table: /cohort123 +Power Users +5,000/,
  },
  {
    command: `cohorts create 'New Cohort' --filter '{"type":"user","selector":{}}'`,
    method: "POST",
    path: "/api/query/cohorts",
    answer: { id: 7, name: "New Cohort" },
    csv: "id,name\n7,New Cohort\n",
    table: /New Cohort/,
  },
  {
    command: `annotations list ${DAYS}`,
    path: "/api/app/annotations",
    absent: [["GET", "/api/app/projects/1000001/annotations"]],
    answer: [{ id: 123, date: "2024-01-01", description: "Product launch" }],
    csv: "id,date,description,tags,by\n123,2024-01-01,Product launch,,\n",
    table: /123 +2024-01-01 +Product launch/,
  },
  {
    command: "annotations create 'New feature release' --date 2024-01-01",
    method: "POST",
    path: "/api/app/annotations",
    absent: [["POST", "/api/app/projects/1000001/annotations"]],
    answer: { id: 124, date: "2024-01-01", description: "New feature release" },
    csv: "id,date,description,tags,by\n124,2024-01-01,New feature release,,\n",
    table: /124 +2024-01-01 +New feature release/,
  },
  {
    command: "flags definitions",
    path: "/flags/definitions",
    answer: {
      flags: [{
        id: "flag_123",
        name: "new_checkout_flow",
        enabled: true,
        variants: [{ key: "control", value: false }, { key: "variant_a", value: true }],
        rollout_percentage: 50,
        targeting_rules: [],
      }],
    },
    csv:
      "key,name,enabled,id,variants,rollout_percentage,targeting_rules\nnew_checkout_flow,new_checkout_flow,true,flag_123," +
      '"[{""key"":""control"",""value"":false},{""key"":""variant_a"",""value"":true}]",50,[]\n',
    table: /new_checkout_flow/,
    isBare: true,
  },
];
