// Reads a GitHub workflow as GitHub does, against the schema of workflow files and with its expressions, and prints what is wrong with it.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { basename } from "node:path";

register("./json-as-module.mjs", import.meta.url);
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");

const file = process.argv[2];
const parsed = parseWorkflow({ name: basename(file), content: readFileSync(file, "utf8") }, new NoOperationTraceWriter());
const errors = parsed.context.errors.getErrors();
if (parsed.value && errors.length === 0) {
  const template = await convertWorkflowTemplate(parsed.context, parsed.value);
  errors.push(...(template.errors ?? []).map((error) => new Error(error.Message ?? error.message)));
}
for (const error of errors) console.error(error.message);
process.exit(errors.length === 0 ? 0 : 1);
