// GitHub's own, to be bundled: it imports its schema in a way that Vite knows and Node does not.
export { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
