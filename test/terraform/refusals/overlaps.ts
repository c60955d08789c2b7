/** Rejected combinations of access rules with each other, with public paths and with uploads. */
import { numbered, type Refusal } from './refusal.js'

/** One entry for each rule, with the arguments that it rejects. */
export const OVERLAPS: readonly Refusal[] = [
  {
    by: 'terraform_data.access_rules',
    message:
      'access_rules must not open a path to some people while its surroundings are open to others, whose cookies would open it too: {}. Put both into directories side by side, set exclusive = true in the rule of the inner path to close it to the others, or overlap_allowed = true if they may see it.',
    rows: {
      'a name where a claim may be the same': [
        { access_rules: [{ paths: ['/tenants/{sub}/*'] }, { groups: ['operators'], paths: ['/tenants/all/*'] }] },
        '/tenants/{sub}/* (rule 1) lies inside /tenants/all/* (rule 2); /tenants/all/* (rule 2) lies inside /tenants/{sub}/* (rule 1)',
      ],
      'a path inside a directory in any order': [
        {
          access_rules: [
            { groups: ['c'], paths: ['/a/b/c/*'] },
            { groups: ['b'], paths: ['/x/*', '/a/b/*'] },
          ],
        },
        '/a/b/c/* (rule 1) lies inside /a/b/* (rule 2)',
      ],
      'a path inside everything': [
        {
          access_rules: [
            { groups: ['staff'], paths: ['/*'] },
            { groups: ['finance'], paths: ['/finance/*'] },
          ],
        },
        '/finance/* (rule 2) lies inside /* (rule 1)',
      ],
      'another kind of condition': [
        {
          access_rules: [
            { email_domains: ['example.com'], paths: ['/a/*'] },
            { groups: ['one'], paths: ['/a/b/*'] },
          ],
        },
        '/a/b/* (rule 2) lies inside /a/* (rule 1)',
      ],
      'another value of a claim': [
        {
          access_rules: [
            { claims: { level: ['6'] }, paths: ['/a/*'] },
            { claims: { level: ['7'] }, paths: ['/a/b/*'] },
          ],
        },
        '/a/b/* (rule 2) lies inside /a/* (rule 1)',
      ],
      'more values in the outer rule': [
        {
          access_rules: [
            { groups: ['one', 'two'], paths: ['/a/*'] },
            { groups: ['one'], paths: ['/a/b/*'] },
          ],
        },
        '/a/b/* (rule 2) lies inside /a/* (rule 1)',
      ],
      'one more condition in the inner rule': [
        {
          access_rules: [
            { groups: ['one'], paths: ['/a/*'] },
            { claims: { level: ['7'] }, groups: ['one'], paths: ['/a/b/*'] },
          ],
        },
        '/a/b/* (rule 2) lies inside /a/* (rule 1)',
      ],
      'ones own directory inside everything': [
        { access_rules: [{ groups: ['staff'], paths: ['/*'] }, { paths: ['/users/{sub}/*'] }] },
        '/users/{sub}/* (rule 2) lies inside /* (rule 1)',
      ],
      'two claims in one place': [
        { access_rules: [{ paths: ['/x/{sub}/*'] }, { paths: ['/x/{email}/inner/*'] }] },
        '/x/{email}/inner/* (rule 2) lies inside /x/{sub}/* (rule 1)',
      ],
    },
  },
  {
    by: 'terraform_data.access_rules',
    message:
      'access_rules must not be about what everybody may read without cookies: {}. Take the path out of public_paths, or set signature_required = true at the origin, or move it; or leave the rule out.',
    rows: {
      'a rule about what a longer path opens': [
        {
          access_rules: [{ paths: ['/app/open/{sub}/*'] }],
          origins: {
            app: { domain_name: 'app.example.com', path_patterns: ['app/*'] },
            open: { domain_name: 'app.example.com', path_patterns: ['app/open/*'], signature_required: false },
          },
        },
        '/app/open/{sub}/* (rule 1) lies inside app/open/*',
      ],
      'a rule about what an origin shows to everybody': [
        {
          access_rules: [{ groups: ['staff'], paths: ['/app/*'] }],
          origins: { app: { domain_name: 'app.example.com', path_patterns: ['/app/*'], signature_required: false } },
        },
        '/app/* (rule 1) lies inside app/*',
      ],
      'a rule about what everybody may read': [
        { access_rules: [{ groups: ['press'], paths: ['/press/embargo/*'] }], public_paths: ['press/*'] },
        '/press/embargo/* (rule 1) lies inside press/*',
      ],
      'a rule about what lies in a public path without slash': [
        { access_rules: [{ groups: ['press'], paths: ['/press/embargo/*'] }], public_paths: ['press*'] },
        '/press/embargo/* (rule 1) lies inside press*',
      ],
      'rule in public': [
        { access_rules: [{ groups: ['press'], paths: ['/press/embargo/*'] }], public_paths: ['/press/*'] },
        '/press/embargo/* (rule 1) lies inside press/*',
      ],
    },
  },
  {
    by: 'check.access_rules_with_custom_claims',
    message:
      'access_rules name claims that nobody has in a user pool that the module makes, because it has no attributes of your own: {}. Bring a pool along in user_pool, or use groups.',
    rows: {
      'warns of claims that nobody has': [
        {
          access_rules: [
            { paths: ['/tenants/{custom:tenant}/*'] },
            { claims: { 'custom:unit': ['hr'] }, paths: ['/hr/*'] },
          ],
        },
        '/tenants/{custom:tenant}/*, custom:unit',
      ],
      'custom claims': [{ access_rules: [{ paths: ['/tenants/{custom:tenant}/*'] }] }, '/tenants/{custom:tenant}/*'],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'access_rules must not have more than {} exclusive keys, because CloudFront trusts 4 key groups a behaviour and an account has 10 public keys; got {}: {}. Name paths for the same people in one rule, or put directories side by side, which needs no exclusive = true.',
    rows: {
      'more keys than cloudfront trusts': [
        {
          access_rules: [
            { exclusive: true, groups: ['a'], paths: ['/a/*'] },
            { exclusive: true, groups: ['b'], paths: ['/b/*'] },
            { exclusive: true, groups: ['c'], paths: ['/c/*'] },
            { exclusive: true, groups: ['d'], paths: ['/d/*'] },
          ],
        },
        '3',
        '4',
        'a, b, c, d',
      ],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'access_rules must not have more than 10 exclusive paths, because each takes one of the 75 behaviours of a distribution; got 11. Give them a common parent.',
    rows: {
      'more subtrees than behaviours': [
        { access_rules: [{ exclusive: true, groups: ['a'], paths: numbered(11, (number) => `/a${number - 1}/*`) }] },
      ],
      'many subtrees': [
        { access_rules: [{ exclusive: true, groups: ['a'], paths: numbered(11, (number) => `/a${number}/*`) }] },
      ],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'access_rules must not open a path inside an exclusive one by a rule that is not exclusive, because its cookies would not be trusted there: {}. Set exclusive = true and the same paths in both rules if the others may see all of it, or move the inner path out of the exclusive one.',
    rows: {
      'the main key for an exclusive path': [
        {
          access_rules: [
            { exclusive: true, groups: ['finance'], paths: ['/finance/*'] },
            { groups: ['staff'], paths: ['/finance/*'] },
          ],
        },
        '/finance/* (rule 2) lies inside /finance/* (rule 1)',
      ],
      'the main key inside an exclusive subtree': [
        {
          access_rules: [
            { exclusive: true, groups: ['finance'], paths: ['/finance/*'] },
            { groups: ['staff'], paths: ['/finance/public/*'] },
          ],
        },
        '/finance/public/* (rule 2) lies inside /finance/* (rule 1)',
      ],
      'the main key where an exclusive claim may be the same': [
        {
          access_rules: [
            { exclusive: true, paths: ['/users/{sub}/*'] },
            { groups: ['staff'], paths: ['/users/all/*'] },
          ],
        },
        '/users/all/* (rule 2) lies inside /users/{sub}/* (rule 1)',
      ],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'access_rules must not have exclusive paths that overlap, because each path trusts one key: {}. Put them side by side, or give both rules the same list of paths, in the same order.',
    rows: {
      'overlapping exclusive subtrees': [
        {
          access_rules: [
            { exclusive: true, groups: ['finance'], paths: ['/finance/*'] },
            { exclusive: true, groups: ['audit'], paths: ['/finance/audit/*'] },
          ],
        },
        '/finance/audit/* (rule 2) lies inside /finance/* (rule 1)',
      ],
      'two exclusive names for one path': [
        {
          access_rules: [
            { exclusive: true, groups: ['finance'], paths: ['/finance/*'] },
            { exclusive: true, exclusive_name: 'audit', groups: ['audit'], paths: ['/finance/*'] },
          ],
        },
        '/finance/* (rule 1) is /finance/* (rule 2)',
      ],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'access_rules must not share an exclusive key between rules with different paths, because cookies of a key open all of its paths: {}. Give each path an exclusive rule of its own, or both rules the same paths, or another exclusive_name.',
    rows: {
      'one key for several groups of people': [
        {
          access_rules: [
            { exclusive: true, exclusive_name: 'books', groups: ['finance'], paths: ['/finance/*'] },
            { exclusive: true, exclusive_name: 'books', groups: ['audit'], paths: ['/audit/*'] },
          ],
        },
        'books in rule 1 (/finance/*) and rule 2 (/audit/*)',
      ],
      divided: [
        {
          access_rules: [
            { exclusive: true, groups: ['finance'], paths: ['/finance/*'] },
            { exclusive: true, groups: ['audit'], paths: ['/finance/*', '/audit/*'] },
          ],
        },
        'finance in rule 1 (/finance/*) and rule 2 (/finance/*, /audit/*)',
      ],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'public_paths must not lie inside an exclusive path of access_rules, which stays closed: {}. Move the public files out of it.',
    rows: {
      'public files inside an exclusive subtree': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          public_paths: ['/finance/logo.png'],
        },
        '/finance/logo.png lies inside /finance/*',
      ],
      'public files inside everybodys own subtree': [
        { access_rules: [{ exclusive: true, paths: ['/users/{sub}/*'] }], public_paths: ['users/ada/*'] },
        'users/ada/* lies inside /users/*/*',
      ],
      public: [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          public_paths: ['finance/logo.png'],
        },
        'finance/logo.png lies inside /finance/*',
      ],
    },
  },
  {
    by: 'terraform_data.exclusive_access_rules',
    message:
      'uploads.prefix must not lie inside an exclusive path of access_rules, because uploads are shown in a sandbox of their own; got {} inside /finance/*. Make paths below uploads.prefix exclusive, or choose another prefix.',
    rows: {
      'uploads inside an exclusive subtree': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          uploads: { everybody_allowed: true, prefix: 'finance/inbox' },
        },
        'finance/inbox',
      ],
      'uploads inside': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          uploads: { everybody_allowed: true, prefix: 'finance/in' },
        },
        'finance/in',
      ],
    },
  },
  {
    by: 'check.exclusive_subtrees',
    message:
      'access_rules have an exclusive path with a claim inside a path for more: {}. Whoever holds both has cookies for one of them at a time, by where they go. Put both into directories side by side if people need them at once.',
    rows: {
      'warns of an exclusive claim inside a broader path': [
        {
          access_rules: [
            { groups: ['staff'], paths: ['/*'] },
            { exclusive: true, paths: ['/users/{sub}/*'] },
          ],
        },
        '/users/{sub}/* (rule 2) inside /* (rule 1)',
      ],
    },
  },
  {
    by: 'check.exclusive_subtrees',
    message:
      'access_rules have several exclusive subtrees with different keys inside one path: {}. Whoever holds all of them has cookies for one subtree at a time, by where they go. Put them beside that path, or name them in one exclusive rule if they are for the same people.',
    rows: {
      'names keys after what does not move': [
        {
          access_rules: [
            { exclusive: true, groups: ['hr'], paths: ['/departments/human-resources/*'] },
            { groups: ['staff'], paths: ['/*'] },
            { exclusive: true, groups: ['main'], paths: ['/main/*'] },
            { exclusive: true, exclusive_name: 'books', groups: ['finance'], paths: ['/Finance/*', '/audit/*'] },
          ],
        },
        '/departments/human-resources/* and /main/* and /Finance/* and /audit/* inside /* (rule 2)',
      ],
      'warns of several exclusive subtrees inside a broader path': [
        {
          access_rules: [
            { groups: ['staff'], paths: ['/*'] },
            { exclusive: true, groups: ['finance'], paths: ['/finance/*'] },
            { exclusive: true, groups: ['hr'], paths: ['/hr/*'] },
          ],
        },
        '/finance/* and /hr/* inside /* (rule 1)',
      ],
    },
  },
]
