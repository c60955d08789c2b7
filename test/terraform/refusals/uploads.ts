/** Rejected settings of uploads. */
import type { Refusal } from './refusal.js'

/** One entry for each rule, with the arguments that it rejects. */
export const UPLOADS: readonly Refusal[] = [
  {
    by: 'aws_cognito_identity_pool.uploaders',
    message:
      'uploads.groups must be among groups, which get the role for uploads; got stuff besides. Add them to groups.',
    rows: {
      'uploads by a group that is not there': [{ groups: { staff: {} }, uploads: { groups: ['stuff'] } }],
      'uploads by nobody': [{ groups: { staff: {} }, uploads: { groups: ['staff', 'stuff'] } }],
    },
  },
  {
    by: 'aws_cognito_identity_pool.uploaders',
    message:
      'uploads must say who may upload, because not everybody whom the user pool signs in is let in, or everybody can have an account ({}): name uploads.groups, or set uploads.everybody_allowed = true.',
    rows: {
      'uploads by everybody at google': [
        { sign_in: { any_federated_user_allowed: true, identity_providers: ['Google'] }, uploads: {} },
        'sign_in.any_federated_user_allowed',
      ],
      'uploads by people whom the rules keep out': [
        { access_rules: [{ email_domains: ['example.com'], paths: ['/*'] }], uploads: {} },
        'access_rules',
      ],
      'uploads by whoever makes an account': [{ self_sign_up_enabled: true, uploads: {} }, 'self_sign_up_enabled'],
      'uploads by everybody': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          self_sign_up_enabled: true,
          uploads: {},
        },
        'access_rules, self_sign_up_enabled',
      ],
    },
  },
]
