/**
 * What a person reads when a value is wrong, or several do not go together: the plan is refused, and the sentence names
 * the variable, what it must be and what it got. Every validation, precondition and check is read here at least once.
 */
import { spawn } from 'node:child_process'
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { withProvider } from '../../scripts/attached-provider.js'
import { terraformEnvironment } from '../../scripts/terraform-mirror.js'
import { numbered, REFUSED_PLANS } from '../support/refused-values.js'

const FINANCE = '{ paths = ["/finance/*"], groups = ["finance"], exclusive = true }'

/** By what is wrong: arguments of the module, the message, and what AWS answers instead of what the mocks say. */
const CASES: Readonly<Record<string, readonly [string, string, string?]>> = {
  'wrong-region': [
    'tags = {}',
    'The provider handed to the module as aws.us_east_1 must have region = "us-east-1"; got eu-west-1.',
    'override_data {\n  target = data.aws_region.home\n  values = { id = "eu-west-1" }\n}\n',
  ],
  'many-addresses': [
    `aliases = ["a.example.com", "b.example.com", "c.example.com"]\n    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"\n    cookie_scope = { domain = "example.com" }\n    callback_urls = [${numbered(34, (number) => `"/p${number}"`)}]`,
    'callback_urls and sign_out_urls must not come to more than 100 addresses each, counting every path once a host; got 102 and 3.',
  ],
  'many-subtrees': [
    `access_rules = [{ paths = [${numbered(11, (number) => `"/a${number}/*"`)}], groups = ["a"], exclusive = true }]`,
    'access_rules must not have more than 10 exclusive paths, because each takes one of the 75 behaviours of a distribution; got 11. Give them a common parent.',
  ],
  'long-document': [
    // With nothing in it that is only known when it is made.
    `distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["www.example.com"] }\n    user_pool = { id = "eu-west-1_AbC123", client_ids = ["1example23456789"] }\n    access_rules = [{ paths = ["/*"], groups = [${numbered(80, (number) => `"${'g'.repeat(120)}${number}"`)}] }]`,
    "The edge function's configuration must fit into a parameter of 8192 bytes; got ",
  ],
  'kept-out': [
    'rotation = { probe_enabled = true }\n    viewer_restrictions = { countries_allowed = ["FR", "DE"] }',
    'rotation.probe_enabled must not be true while viewer_restrictions keep the United States out, where the rotator is; got countries_allowed DE, FR. Leave it out, or let US come.',
  ],
  overlap: [
    'access_rules = [{ paths = ["/*"], groups = ["staff"] }, { paths = ["/users/{sub}/*"] }]',
    'access_rules must not open a path to some people while its surroundings are open to others, whose cookies would open it too: /users/{sub}/* (rule 2) lies inside /* (rule 1). Put both into directories side by side, set exclusive = true in the rule of the inner path to close it to the others, or overlap_allowed = true if they may see it.',
  ],
  'main-inside': [
    `access_rules = [${FINANCE}, { paths = ["/finance/public/*"], groups = ["staff"] }]`,
    'access_rules must not open a path inside an exclusive one by a rule that is not exclusive, because its cookies would not be trusted there: /finance/public/* (rule 2) lies inside /finance/* (rule 1). Set exclusive = true and the same paths in both rules if the others may see all of it, or move the inner path out of the exclusive one.',
  ],
  overlapping: [
    `access_rules = [${FINANCE}, { paths = ["/finance/audit/*"], groups = ["audit"], exclusive = true }]`,
    'access_rules must not have exclusive paths that overlap, because each path trusts one key: /finance/audit/* (rule 2) lies inside /finance/* (rule 1). Put them side by side, or give both rules the same list of paths, in the same order.',
  ],
  'two-names': [
    `access_rules = [${FINANCE}, { paths = ["/finance/*"], groups = ["audit"], exclusive = true, exclusive_name = "audit" }]`,
    '/finance/* (rule 1) is /finance/* (rule 2).',
  ],
  divided: [
    `access_rules = [${FINANCE}, { paths = ["/finance/*", "/audit/*"], groups = ["audit"], exclusive = true }]`,
    'access_rules must not share an exclusive key between rules with different paths, because cookies of a key open all of its paths: finance in rule 1 (/finance/*) and rule 2 (/finance/*, /audit/*). Give each path an exclusive rule of its own, or both rules the same paths, or another exclusive_name.',
  ],
  quota: [
    `access_rules = [${['a', 'b', 'c', 'd'].map((name) => FINANCE.replaceAll('finance', name)).join(', ')}]`,
    'access_rules must not have more than 3 exclusive keys, because CloudFront trusts 4 key groups a behaviour and an account has 10 public keys; got 4: a, b, c, d. Name paths for the same people in one rule, or put directories side by side, which needs no exclusive = true.',
  ],
  public: [
    `access_rules = [${FINANCE}]\n    public_paths = ["finance/logo.png"]`,
    'public_paths must not lie inside an exclusive path of access_rules, which stays closed: finance/logo.png lies inside /finance/*. Move the public files out of it.',
  ],
  bearer: [
    `access_rules = [${FINANCE}]\n    bearer_paths = ["finance/api/*"]`,
    'bearer_paths must not lie inside an exclusive path of access_rules nor hold one, because its key would count for nothing there: put them side by side. Got finance/api/* and exclusive /finance/*.',
  ],
  claim: [
    'access_rules = [{ paths = ["/*"], groups = ["staff"] }, { paths = ["/users/{sub}/*"], exclusive = true }]',
    'access_rules have an exclusive path with a claim inside a path for more: /users/{sub}/* (rule 2) inside /* (rule 1). Whoever holds both has cookies for one of them at a time, by where they go. Put both into directories side by side if people need them at once.',
  ],
  neighbours: [
    `access_rules = [{ paths = ["/*"], groups = ["staff"] }, ${FINANCE}, { paths = ["/hr/*"], groups = ["hr"], exclusive = true }]`,
    'access_rules have several exclusive subtrees with different keys inside one path: /finance/* and /hr/* inside /* (rule 1). Whoever holds all of them has cookies for one subtree at a time, by where they go. Put them beside that path, or name them in one exclusive rule if they are for the same people.',
  ],
  link: [
    'cookie_ttl_minutes = 30\n    signed_urls = { longest_minutes = 31 }',
    'signed_urls.longest_minutes must be a whole number from 1 to cookie_ttl_minutes (30), because signing keys are kept that long; got 31.',
  ],
  'two-behaviours': [
    'origins = { api = { domain_name = "api.example.com", path_patterns = ["/api/*"] } }\n    public_paths = ["api/*", "press/*"]',
    'public_paths, bearer_paths, origins and exclusive access_rules must not name the same path pattern; got api/* more than once.',
  ],
  'distribution-settings': [
    'distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["www.example.com"] }\n    price_class = "PriceClass_100"\n    viewer_restrictions = { countries_denied = ["KP"] }',
    'distribution must come without settings for a distribution that the module makes, because it does not touch yours: remove viewer_restrictions, price_class, and set the like at your distribution.',
  ],
  'no-restriction': [
    'viewer_restrictions = { webacl_arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/acme/1" }',
    'viewer_restrictions must restrict something by web_acl_arn, countries_allowed or countries_denied, or be null; got none of them.',
  ],
  'cookie-domain': [
    'aliases = ["photos.example.com", "films.example.org"]\n    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"\n    cookie_scope = { domain = "example.com" }',
    'cookie_scope.domain must be a parent domain of every alias, or of every host of the distribution that is given, because browsers drop cookies for other domains; got example.com for photos.example.com, films.example.org.',
  ],
  partitioned: [
    'cookie_scope = { partitioned = true }',
    'cookie_scope.partitioned must come with cookie_same_site = "None", because it is for pages of other sites, to which browsers send no others; got Lax.',
  ],
  'origin-inside': [
    `access_rules = [${FINANCE}]\n    origins = { api = { domain_name = "api.example.com", path_patterns = ["finance/api/*"] } }`,
    'origins must not have path_patterns inside an exclusive path of access_rules or inside bearer_paths, because those go first: finance/api/* (api) lies inside /finance/*. Let the origin serve the whole directory, or put them side by side.',
  ],
  'uploads-inside': [
    `access_rules = [${FINANCE}]\n    uploads = { prefix = "finance/in", everybody_allowed = true }`,
    'uploads.prefix must not lie inside an exclusive path of access_rules, because uploads are shown in a sandbox of their own; got finance/in inside /finance/*. Make paths below uploads.prefix exclusive, or choose another prefix.',
  ],
  'uploads-by-everybody': [
    `access_rules = [${FINANCE}]\n    self_sign_up_enabled = true\n    uploads = {}`,
    'uploads must say who may upload, because not everybody whom the user pool signs in is let in, or everybody can have an account (access_rules, self_sign_up_enabled): name uploads.groups, or set uploads.everybody_allowed = true.',
  ],
  'uploads-by-nobody': [
    'groups = { staff = {} }\n    uploads = { groups = ["staff", "stuff"] }',
    'uploads.groups must be among groups, which get the role for uploads; got stuff besides. Add them to groups.',
  ],
  'everybody-at-a-client': [
    'user_pool = { id = "eu-west-1_AbC123", client_ids = ["1example23456789"], login_host = "login.example.com" }\n    sign_in = {}',
    'user_pool.client_ids must not let everybody in who has an account at Google or the like, and the module cannot see which identity providers an app client of yours takes: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true if everybody who can sign in there may come; got 0 access_rules.',
  ],
  'public-in-uploads': [
    'public_paths = ["press/*", "/uploads/*.svg"]\n    uploads = {}',
    'public_paths must not lie inside uploads.prefix, which goes first because uploads are shown in a sandbox of their own; got press/*, /uploads/*.svg and uploads.prefix uploads. Keep public files elsewhere.',
  ],
  'origin-in-uploads': [
    'origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*", "in/box/*"] } }\n    uploads = { prefix = "in/box" }',
    'origins must not have path_patterns inside uploads.prefix, which goes first because uploads are shown in a sandbox of their own; got api/*, in/box/* and uploads.prefix in/box. Put them side by side.',
  ],
  'closed-in-origin': [
    `access_rules = [${FINANCE.replaceAll('finance', 'app/hr')}]\n    origins = { app = { domain_name = "app.example.com", path_patterns = ["/app/*"] } }`,
    'access_rules and bearer_paths have closed paths in an origin that has others beside them: /app/hr/* beside /app/* (app). CloudFront takes an address with %2F in place of a slash for one of the others. The origin must refuse such addresses, or check by itself who may see what; or let it have the closed paths alone.',
  ],
  'rule-in-public': [
    'access_rules = [{ paths = ["/press/embargo/*"], groups = ["press"] }]\n    public_paths = ["/press/*"]',
    'access_rules must not be about what everybody may read without cookies: /press/embargo/* (rule 1) lies inside press/*. Take the path out of public_paths, or set signature_required = true at the origin, or move it; or leave the rule out.',
  ],
  'custom-claims': [
    'access_rules = [{ paths = ["/tenants/{custom:tenant}/*"] }]',
    'access_rules name claims that nobody has in a user pool that the module makes, because it has no attributes of your own: /tenants/{custom:tenant}/*. Bring a pool along in user_pool, or use groups.',
  ],
  'login-prefix': [
    'login_domain = "my-cognito"',
    'login_domain must not contain aws, amazon or cognito when it is a prefix, because Cognito refuses these words; got my-cognito.',
  ],
  'client-of-own': [
    'oidc = { issuer = "https://login.example.com", client_id = "photos" }\n    accepted_tokens = ["access", "id"]\n    callback_urls = ["/done"]\n    token_validity = { refresh_days = 7 }\n    sign_in = { refresh_token_rotation_enabled = false }',
    'callback_urls and what else shapes an app client must be left out with oidc and with user_pool.client_ids, because that client is yours: remove callback_urls, token_validity, sign_in.refresh_token_rotation_enabled, accepted_tokens, and set the like at your provider; how long sessions last, sign_in.session_days says.',
  ],
  'pool-elsewhere': [
    'user_pool = { id = "us-west-2_AbC123" }',
    'user_pool.client_ids must be given for a pool in another region, because the module can make an app client only in its own (eu-west-1); got us-west-2.',
  ],
  'no-login-host': [
    'user_pool = { id = "eu-west-1_AbC123", client_ids = ["1example23456789"] }\n    sign_in = {}',
    'sign_in must come with user_pool.login_host when there is a user_pool, because people sign in at its login page; got user_pool eu-west-1_AbC123 without one.',
  ],
  'providers-elsewhere': [
    'user_pool = { id = "eu-west-1_AbC123", client_ids = ["1example23456789"], login_host = "login.example.com" }\n    sign_in = { identity_providers = ["Google"], any_federated_user_allowed = true }',
    'sign_in.identity_providers must be left out with oidc and with user_pool.client_ids, because the app client decides, and that is yours; got Google.',
  ],
  'secret-of-own': [
    'sign_in = { client_authentication = "client_secret_post" }',
    "sign_in.client_authentication must be none unless oidc or user_pool.client_ids is given, because the module's own app client has no secret; got client_secret_post.",
  ],
  'long-session': [
    'token_validity = { refresh_days = 7 }\n    sign_in = { session_days = 8 }',
    'sign_in.session_days must not exceed token_validity.refresh_days (7), because the session lives by the refresh token; got 8.',
  ],
  'session-of-many-keys': [
    'rotation = { interval_days = 2 }\n    sign_in = {}\n    token_validity = { refresh_days = 31 }',
    'sign_in.session_days, or token_validity.refresh_days where it is left out, must not exceed 15 times rotation.interval_days (2), because each rotation makes another key that seals sessions, and 16 of them are kept; got 31. Set sign_in.session_days to at most 30, or rotation.interval_days to at least 3.',
  ],
  'open-issuer': [
    'oidc = { issuer = "https://accounts.google.com", client_id = "photos" }\n    sign_in = {}',
    'oidc.issuer must not let everybody in who has an account there: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true; got https://accounts.google.com and 0 access_rules.',
  ],
  'many-behaviours': [
    `public_paths = [${numbered(50, (number) => `"p${number}/*"`)}]\n    bearer_paths = [${numbered(10, (number) => `"b${number}/*"`)}]\n    origins = { api = { domain_name = "api.example.com", path_patterns = [${numbered(20, (number) => `"o${number}/*"`)}] } }`,
    "public_paths, bearer_paths, origins and exclusive access_rules must not come to more than 75 behaviours together with the module's own; got 82. Merge patterns, such as docs/*.css and docs/*.js into docs/*, or serve an origin by a distribution of its own.",
  ],
}

const MOCKS = `mock_provider "aws" {
  source = "./test/terraform/mocks/content"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./test/terraform/mocks/home"
}
`

const environment = { ...process.env, ...terraformEnvironment() }

/** Runs terraform, and gives what it said. Its two streams go to one file, so that messages stay with their plans. */
function terraform(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = environment): Promise<string> {
  const path = join(folder, 'said.txt')
  const file = openSync(path, 'w')
  return new Promise((done, failed) => {
    const child = spawn('terraform', [...args, '-no-color'], { cwd: folder, env, stdio: ['ignore', file, file] })
    child.on('error', failed)
    child.on('close', () => {
      closeSync(file)
      done(readFileSync(path, 'utf8'))
    })
  })
}

const VARIABLES = readdirSync('.')
  .filter((file) => /^variables.*\.tf$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

const RESOURCES = readdirSync('.')
  .filter((file) => /^(?!variables).*\.tf$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** Beginnings of all messages, as far as they are the same for every value. */
const beginnings = (source: string): readonly string[] =>
  [...source.matchAll(/^ +error_message = "(.*)"$/gm)].map(
    ([, message = '']) => message.replaceAll('\\"', '"').split(/\$\{|;/)[0] ?? '',
  )

/** One variable of a test file. JSON is HCL's own syntax for values. */
const argument = ([name, value]: readonly [string, unknown]): string => `${name} = ${JSON.stringify(value)}`

/** By what is wrong: the arguments as HCL. */
const SETTINGS: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(CASES).map(([name, [settings]]) => [name, `name = "photos"\n    ${settings}`]),
  ...Object.entries(REFUSED_PLANS).map(([name, { values }]) => [
    name,
    Object.entries({ name: 'photos', ...values })
      .map(argument)
      .join('\n    '),
  ]),
])

let folder: string
let said: string

/** One file for each case, because the first refusal ends a file. What was said is one line, however it was broken. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refused-plans-'))
  const root = resolve('.')
  const parts = ['cloudfront-functions', 'dist', 'test/terraform/mocks']
  for (const name of [...parts, ...readdirSync(root).filter((file) => file.endsWith('.tf'))]) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  mkdirSync(join(folder, 'plans'))
  for (const [name, settings] of Object.entries(SETTINGS)) {
    const run = `run "plan" {\n  command = plan\n\n  variables {\n    ${settings}\n  }\n}\n`
    writeFileSync(join(folder, 'plans', `${name}.tftest.hcl`), `${MOCKS}\n${CASES[name]?.[2] ?? ''}\n${run}`)
  }
  await terraform(folder, ['init', '-backend=false', '-input=false', '-test-directory=plans'])
  const output = await withProvider(folder, environment, (env) =>
    terraform(folder, ['test', '-test-directory=plans'], env),
  )
  said = output.replace(/\s+/g, ' ')
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.each(Object.entries(CASES))('%s', (name, [, message]) => {
  expect(said).toContain(message)
  expect(said).toContain(`plans/${name}.tftest.hcl... fail`)
})

const SENTENCES = Object.entries(REFUSED_PLANS).flatMap(([name, { messages }]) =>
  messages.map((message) => [name, message] as const),
)

/** What the plan of one file said, apart from the other files. */
function saidOf(name: string): string {
  const start = said.indexOf(`plans/${name}.tftest.hcl... in progress`)
  return said.slice(start, said.indexOf(`plans/${name}.tftest.hcl... tearing down`, start))
}

test.each(SENTENCES)('%s: %s', (name, message) => {
  expect(saidOf(name)).toContain(message)
  expect(said).toContain(`plans/${name}.tftest.hcl... fail`)
})

test.each([
  ['validation of a variable', VARIABLES, /^ +validation \{$/gm, 100],
  ['precondition, postcondition and check', RESOURCES, /^ +(precondition|postcondition|assert) \{$/gm, 20],
])('shows the message of every %s', (_what, source, block, most) => {
  expect(beginnings(source)).toHaveLength(source.match(block)?.length ?? 0)
  expect(new Set(beginnings(source)).size).toBeGreaterThan(most)
  expect(beginnings(source).filter((beginning) => !said.includes(beginning))).toEqual([])
})
