/** The intranet that examples/access-rules is, with all that may stand around its rules: its people, and its arguments. */

/** Who there is, and in which groups. */
export const PEOPLE = {
  ada: ['ada@example.com', ['staff']],
  grace: ['grace@example.com', ['staff', 'finance']],
  edsger: ['edsger@example.com', ['finance']],
  robot: ['robot@example.com', ['robots']],
  lois: ['lois@agency.example', []],
} as const
/** A bucket beside that of the content. */
export const ARCHIVE = 'archive-of-long-ago'

/** What the example leaves out: an application, another bucket, uploads, public files by their ending, a setting of all. */
export const more = (port: number) => `
  bearer_paths         = ["api/*", "tickets/*"]
  parameter_throughput = "high"
  public_paths         = ["*.json", "*.svg"]
  uploads              = { abandoned_after_days = 0, everybody_allowed = true }

  origins = {
    archive = { kind = "s3", domain_name = "${ARCHIVE}.s3.eu-west-1.amazonaws.com", path_patterns = ["archive/*"] }
    tickets = { domain_name = "localhost", path_patterns = ["tickets/*"], protocol = "http", port = ${port} }
  }
`

/** The rules of the example, but for what is closed: something in each place that has a behaviour of its own. */
export const RULES = `
  access_rules = [
    { paths = ["/finance/*", "/archive/finance/*", "/uploads/hr/*"], groups = ["finance"], exclusive = true },
    { paths = ["/users/{sub}/*"], overlap_allowed = true },
    { paths = ["/press/*"], email_domains = ["agency.example"], overlap_allowed = true },
    { paths = ["/api/*"], groups = ["robots"], overlap_allowed = true },
    { paths = ["/*"], groups = ["staff"] },
  ]
`
export const CLOSED = ['/archive/finance/', '/finance/', '/uploads/hr/']

/** Rules by which nobody has a folder of one's own, and cookies for the address that fetched them. */
export const STRICTER = `
  access_rules = [
    { paths = ["/finance/*"], groups = ["finance"], exclusive = true },
    { paths = ["/*"], groups = ["staff"] },
  ]

  cookie_scope = { bound_to_ip = true }
`

/** The same rules with another name for the exclusive key, and nothing of what else was there. */
export const RENAMED = `
  bearer_paths         = []
  parameter_throughput = "high"

  access_rules = [
    { paths = ["/finance/*"], groups = ["finance"], exclusive = true, exclusive_name = "money" },
    { paths = ["/*"], groups = ["staff"] },
  ]
`

/** One key for all. */
export const TAKEN_AWAY = `
  access_rules         = [{ paths = ["/*"], groups = ["staff"] }]
  bearer_paths         = []
  parameter_throughput = "high"
`
