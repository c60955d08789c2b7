import { ConfigurationError } from '../../../../key-rotator/src/configuration.js'
import { explain, isFinal, OperatorError } from '../../../../scripts/operator/error.js'

function named(name: string, message: string, code?: string): Error {
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code })
}

describe('explain', () => {
  it.each([
    [
      'no credentials',
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      'There are no AWS credentials: set AWS_PROFILE (after aws sso login, for example), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (CredentialsProviderError: Could not load credentials from any providers).',
    ],
    [
      'old credentials',
      named('ExpiredTokenException', 'The security token included in the request is expired.'),
      'AWS does not accept these credentials: sign in again (aws sso login), or check AWS_PROFILE and the AWS_… variables (ExpiredTokenException: The security token included in the request is expired).',
    ],
    [
      'a refusal',
      named(
        'AccessDenied',
        'User: arn:aws:iam::123456789012:user/grace is not authorized to perform: cloudfront:ListPublicKeys',
      ),
      'AWS refuses this to you. docs/rotation.md lists the permissions that each command needs; nothing more was done after this (AccessDenied: User: arn:aws:iam::123456789012:user/grace is not authorized to perform: cloudfront:ListPublicKeys).',
    ],
    [
      'an endpoint where nobody is',
      named('Error', 'connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED'),
      'AWS does not answer: check the network, and AWS_ENDPOINT_URL if it is set (Error: connect ECONNREFUSED 127.0.0.1:9).',
    ],
    [
      'several addresses where nobody is',
      named('AggregateError', '', 'ECONNREFUSED'),
      'AWS does not answer: check the network, and AWS_ENDPOINT_URL if it is set (AggregateError: ECONNREFUSED).',
    ],
    ['anything else of AWS', named('InternalFailure', 'Try again.'), 'AWS reports InternalFailure: Try again.'],
    ['a sentence of ours', new OperatorError('All is said.'), 'All is said.'],
    [
      'a configuration',
      new ConfigurationError(['name must be the name of the stack']),
      'ROTATION_CONFIGURATION is not usable: name must be the name of the stack. Apply the Terraform module again.',
    ],
    ['what is no error', 'text', 'Something that is no error was thrown.'],
    ['a name of every object', named('toString', 'odd'), 'AWS reports toString: odd.'],
  ])('says it in a sentence: %s', (_name, error, sentence) => {
    expect(explain(error)).toBe(sentence)
  })
})

describe('isFinal', () => {
  it.each([
    ['AccessDeniedException', true],
    ['ExpiredToken', true],
    ['CredentialsProviderError', true],
    ['TimeoutError', false],
    ['InternalServiceError', false],
    ['constructor', false],
  ])('%s: %s', (name, expected) => {
    expect(isFinal(named(name, ''))).toBe(expected)
  })
})
