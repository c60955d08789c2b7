/**
 * What functions print: into a file for the person at the laptop, and into CloudWatch Logs for whoever asks there.
 */
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { askMoto, ownRequest } from '../endpoint/forward.js'

/** Takes what a function printed. */
export interface FunctionLogs {
  write(where: { readonly region: string; readonly group: string; readonly stream: string }, text: string): void
}

/** Logs to files in `directory` and to the CloudWatch Logs of a moto. A log that cannot be written loses its lines, no more. */
export function createFunctionLogs(directory: string, moto: string): FunctionLogs {
  const prepared = new Set<string>()
  let queue = mkdir(directory, { recursive: true }).then(() => {})
  const call = (region: string, action: string, body: object) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` }
    return askMoto(moto, ownRequest('logs', region, { headers, body: JSON.stringify(body) }))
  }
  return {
    write({ region, group, stream }, text) {
      const timestamp = Date.now()
      queue = queue
        .then(async () => {
          await appendFile(join(directory, `${group.replaceAll('/', '_').replace(/^_aws_lambda_/, '')}.log`), text)
          const names = { logGroupName: group, logStreamName: stream }
          if (!prepared.has(`${region} ${group} ${stream}`)) {
            await call(region, 'CreateLogGroup', { logGroupName: group })
            await call(region, 'CreateLogStream', names)
            prepared.add(`${region} ${group} ${stream}`)
          }
          const messages = text.split('\n').filter((line) => line !== '')
          const logEvents = messages.map((message) => ({ timestamp, message }))
          if (logEvents.length > 0) await call(region, 'PutLogEvents', { ...names, logEvents })
        })
        .catch(() => {})
    },
  }
}
