// Reads queries as Azure Monitor does, with Microsoft's own Kusto parser and the tables of a workspace, and prints, as JSON, what each query gives.
// Argument: a file with { "name": "query", ... }. Standard output: { "name": { "errors": [...], "columns": [...] }, ... }.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { GlobalState, KustoCode, Symbols } = globalThis.Kusto.Language;

// The columns of the Azure Monitor reference that every table of Application Insights has, and those of each.
const common =
  "TimeGenerated: datetime, AppRoleInstance: string, AppRoleName: string, AppVersion: string, ItemCount: int, Measurements: dynamic, " +
  "OperationId: string, OperationName: string, ParentId: string, Properties: dynamic, SDKVersion: string, Type: string, _ResourceId: string";
const tables = {
  AppTraces: "Message: string, SeverityLevel: int",
  AppExceptions: "ExceptionType: string, OuterMessage: string, ProblemId: string, SeverityLevel: int",
  AppRequests: "DurationMs: real, Id: string, Name: string, PerformanceBucket: string, ResultCode: string, Source: string, Success: bool, Url: string",
};
const workspace = new Symbols.DatabaseSymbol.ctor(
  "workspace",
  Object.entries(tables).map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${common}, ${columns})`, null)),
);
const globals = GlobalState.Default.WithDatabase(workspace);
const list = (items) => Array.from({ length: items.Count }, (_, index) => items.getItem(index));

const answers = {};
for (const [name, query] of Object.entries(JSON.parse(readFileSync(process.argv[2], "utf8")))) {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  answers[name] = {
    errors: list(code.GetDiagnostics()).map((found) => `${found.Start}: ${found.Message}`),
    columns: code.ResultType?.Columns ? list(code.ResultType.Columns).map((column) => column.Name) : [],
  };
}
console.log(JSON.stringify(answers));
