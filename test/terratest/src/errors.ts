/** Anything of the harness that can go wrong has this class above it; `name` is the name terratest gives its own error. */
export class TerratestError extends Error {
  override name = 'TerratestError'
}

/** Options that cannot be carried out or saved as they stand; the message names every wrong field. */
export class InvalidOptions extends TerratestError {
  override name = 'InvalidOptions'
}

/** What is known of a terraform process that has ended. `output` has both streams, line by line as they came. */
export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  readonly output: string
  readonly exitCode: number
}

/** A terraform process ended with another status than 0; the message ends with what it wrote. */
export class TerraformCommandError extends TerratestError implements CommandResult {
  override name = 'TerraformCommandError'
  readonly command: string
  readonly stdout: string
  readonly stderr: string
  readonly output: string
  readonly exitCode: number

  constructor(command: string, result: CommandResult) {
    super(`'${command}' ended with exit status ${result.exitCode}:\n${result.stderr.trim() || result.output.trim()}`)
    this.command = command
    this.stdout = result.stdout
    this.stderr = result.stderr
    this.output = result.output
    this.exitCode = result.exitCode
  }
}

/** The binary or the working directory is not there, so that no process began. */
export class TerraformNotStarted extends TerratestError {
  override name = 'TerraformNotStarted'
}

/** The caller's signal fired. Named as the web platform names it, so that `error.name === 'AbortError'` holds. */
export class TerraformAborted extends TerratestError {
  override name = 'AbortError'
}

/** The same retryable failure came more than `maxRetries` times; `cause` is the last one. */
export class MaxRetriesExceeded extends TerratestError {
  override name = 'MaxRetriesExceeded'
}

/** Terraform warned of something that `warningsAsErrors` forbids; `output` is all that it wrote. */
export class WarningsFound extends TerratestError {
  override name = 'WarningsFound'
  readonly output: string

  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

/** A plan right after an apply still wants to change something. */
export class NotIdempotent extends TerratestError {
  override name = 'NotIdempotent'
}

/** A function that needs `planFilePath` was called without it. */
export class PlanFilePathRequired extends TerratestError {
  override name = 'PlanFilePathRequired'
}

/** A plan holds no such address. */
export class PlanKeyNotFound extends TerratestError {
  override name = 'PlanKeyNotFound'
}

/** What Terraform printed is not what the harness can read. */
export class UnreadableOutput extends TerratestError {
  override name = 'UnreadableOutput'
}

/** The state has no output of that name. */
export class OutputKeyNotFound extends TerratestError {
  override name = 'OutputKeyNotFound'
}

/** A required output is there, and empty. */
export class EmptyOutput extends TerratestError {
  override name = 'EmptyOutput'
}

/** An output has another type than the function called for it expects. */
export class UnexpectedOutputType extends TerratestError {
  override name = 'UnexpectedOutputType'
}

/** A workspace was to be deleted that does not exist. */
export class WorkspaceDoesNotExist extends TerratestError {
  override name = 'WorkspaceDoesNotExist'
}

/** The workspace `default` cannot be deleted. */
export class UnsupportedDefaultWorkspaceDeletion extends TerratestError {
  override name = 'UnsupportedDefaultWorkspaceDeletion'
}

/** A variables file has no such variable. */
export class InputFileKeyNotFound extends TerratestError {
  override name = 'InputFileKeyNotFound'
}

/** A variables file cannot be read, or a variable in it has another type than asked for. */
export class UnreadableVarFile extends TerratestError {
  override name = 'UnreadableVarFile'
}

/** A file under `.test-data` is missing, or does not hold what was asked for; the message has its path. */
export class TestDataError extends TerratestError {
  override name = 'TestDataError'
}

/** The folder to copy is not there, or lies outside its root. */
export class FolderNotFound extends TerratestError {
  override name = 'FolderNotFound'
}
