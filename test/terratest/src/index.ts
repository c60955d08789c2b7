/** Terratest's names and conventions for tests in TypeScript; the README beside has the table Go -> TypeScript. */
export { apply, applyAndIdempotent, initAndApply, initAndApplyAndIdempotent } from './apply.js'
export { formatArgs, formatHcl, formatTerraformBackendConfigAsArgs, formatTerraformVarsAsArgs } from './command.js'
export { destroy } from './destroy.js'
export * from './errors.js'
export { type CopyOptions, copyTerraformFolderToTemp } from './folders.js'
export { get, init } from './init.js'
export { defaultLogger, discardLogger, type Logger } from './logger.js'
export {
  cloneOptions,
  defaultRetryableTerraformErrors,
  type ExtraArgs,
  type MixedVar,
  type Options,
  type RunOptions,
  type TerraformValue,
  varFile,
  varInline,
  withDefaultRetryableErrors,
} from './options.js'
export { marshalOptions, unmarshalOptions } from './options-json.js'
export {
  output,
  outputAll,
  outputForKeys,
  outputJson,
  outputList,
  outputListOfObjects,
  outputMap,
  outputMapOfObjects,
  outputRequired,
  outputStruct,
} from './output.js'
export {
  initAndPlan,
  initAndPlanAndShow,
  initAndPlanAndShowWithStruct,
  initAndPlanAndShowWithStructNoLogTempPlanFile,
  initAndPlanWithExitCode,
  plan,
  planExitCode,
  planHasChangesExitCode,
} from './plan.js'
export {
  assertPlannedValuesMapKeyExists,
  assertResourceChangesMapKeyExists,
  type PlannedResource,
  type PlanStruct,
  parsePlanJson,
  type ResourceChange,
} from './plan-struct.js'
export { getResourceCount, type ResourceCount } from './resource-count.js'
export { doWithRetry, doWithRetryableErrors, type RetryPolicy } from './retry.js'
export {
  getExitCodeForTerraformCommand,
  runTerraformCommand,
  runTerraformCommandAndGetStdOutErrCode,
  runTerraformCommandAndGetStdout,
} from './run.js'
export { show, showWithStruct } from './show.js'
export { runTestStage, type StageOptions, skipStageEnvVarSet } from './stages.js'
export {
  cleanupTestData,
  cleanupTestDataFolder,
  formatTestDataPath,
  isTestDataPresent,
  loadArtifactID,
  loadInt,
  loadString,
  loadTerraformOptions,
  loadTestData,
  saveArtifactID,
  saveInt,
  saveString,
  saveTerraformOptions,
  saveTerraformOptionsIfNotPresent,
  saveTestData,
} from './test-data.js'
export { initAndValidate, validate } from './validate.js'
export {
  getAllVariablesFromVarFile,
  getVariableAsListFromVarFile,
  getVariableAsMapFromVarFile,
  getVariableAsStringFromVarFile,
} from './var-files.js'
export { workspaceDelete, workspaceSelectOrNew } from './workspace.js'
