/**
 * Providers that are running already, for all runs of Terraform in one directory.
 *
 * A run of Terraform starts the provider about seven times and computes the checksum of its 700 megabytes, which takes
 * more CPU time than all that it applies. Terraform attaches to a running provider where `TF_REATTACH_PROVIDERS` names
 * one (Terraform documentation, "Plugin Development: Debugging Providers"), but to a single one, and a process has a
 * single configuration: `aws` and `aws.us_east_1` would both have the region that was configured last. Terraform opens
 * one connection for each configuration, so the address that it gets is a relay, which connects each connection to a
 * process that no other connection is using.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type RunningProvider, startProvider } from '../../scripts/attached-provider.js'
import { provider } from '../../scripts/terraform-mirror.js'

/** A provider refuses to be configured a second time with this variable; the local AWS is reached without TLS. */
const NO_AUTHORITY = { AWS_CA_BUNDLE: undefined }

/** Terraform keeps up to seven connections open while it applies, and each process holds about 100 megabytes. */
const IDLE_MS = 45_000

/** The processes of one directory. */
export interface RunningProviders {
  /** What Terraform needs in its environment to use them. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/**
 * Starts the relay. Processes start when Terraform needs them, with `environment`, because that is where the provider
 * reads endpoints and credentials: the environment of Terraform no longer reaches it. They run in the directory of the
 * root module, because that is from where the provider opens files.
 */
export async function runProviders(
  program: string,
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<RunningProviders> {
  const all = new Set<RunningProvider>()
  const idle = new Map<RunningProvider, NodeJS.Timeout>()
  const take = async (): Promise<RunningProvider> => {
    for (const [free, timer] of idle) {
      clearTimeout(timer)
      idle.delete(free)
      return free
    }
    const started = await startProvider(program, directory, { ...environment, ...NO_AUTHORITY })
    all.add(started)
    return started
  }
  const release = (running: RunningProvider) => {
    const end = async () => {
      idle.delete(running)
      await running.stop()
      all.delete(running)
    }
    idle.set(running, setTimeout(() => void end(), IDLE_MS).unref())
  }
  const relay = createServer((terraform) => {
    terraform.on('error', () => terraform.destroy())
    // Terraform first opens a connection only to see whether anything listens there: that one needs no provider.
    terraform.once('data', (first) => {
      terraform.pause()
      take().then(
        (running) => join(terraform, first, running, () => release(running)),
        (error) => terraform.destroy(error),
      )
    })
  })
  const port = await listen(relay)
  const address = {
    [provider]: {
      Protocol: 'grpc',
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: 'tcp', String: `127.0.0.1:${port}` },
    },
  }
  return {
    environment: { TF_REATTACH_PROVIDERS: JSON.stringify(address) },
    stop: async () => {
      for (const timer of idle.values()) clearTimeout(timer)
      await Promise.all([...all].map((running) => running.stop()))
      await new Promise((done) => relay.close(done))
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') failed(new Error('the relay has no port'))
      else done(address.port)
    })
  })
}

/** Connects Terraform and a provider; `release` is called when both have let go, unless the provider has ended. */
function join(terraform: Socket, first: Buffer, running: RunningProvider, release: () => void): void {
  const upstream = connect(running.socket)
  upstream.on('error', () => terraform.destroy())
  terraform.on('close', () => upstream.destroy())
  upstream.on('close', () => {
    terraform.destroy()
    if (running.isRunning()) release()
  })
  upstream.write(first)
  terraform.pipe(upstream)
  upstream.pipe(terraform)
}
