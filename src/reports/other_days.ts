/** The same report about other days, whatever else is in it. */
import { writeFlowRange } from "./flows.ts";
import { isObject } from "../streams/json/is_object.ts";
import { asObject, asObjects } from "./objects.ts";
import { writeRange } from "./ranges.ts";
import type { Json, ReportRange, ReportUnit } from "./report.ts";

/** Params of either form with another range; the unit stays. All that is not understood stays as it is. */
export function withOtherDays(params: Json, range: ReportRange): Json {
  if (!isObject(params.sections)) return { ...params, date_range: writeFlowRange(range) };
  const [time] = asObjects(params.sections.time);
  const unit = String(asObject(time).unit ?? "day") as ReportUnit;
  return { ...params, sections: { ...params.sections, time: [writeRange(range, unit)] } };
}
