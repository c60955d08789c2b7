/** Rejected settings of regions, runtimes, logs and alarms. */
import type { Refusal } from './refusal.js'

/** One entry for each rule, with the arguments that it rejects. */
export const OPERATIONS: readonly Refusal[] = [
  {
    by: 'data.aws_region.home',
    message: 'The provider handed to the module as aws.us_east_1 must have region = "us-east-1"; got {}.',
    rows: {
      'functions outside of us east 1': [{}, 'eu-west-1'],
    },
  },
  {
    by: 'var.alarm_actions',
    message: 'alarm_actions must be at most five ARNs in us-east-1, where the alarms are; got {}.',
    rows: {
      'half minutes and another region': [
        { alarm_actions: ['arn:aws:sns:eu-west-1:123456789012:on-call'] },
        'arn:aws:sns:eu-west-1:123456789012:on-call',
      ],
      'too much': [
        {
          alarm_actions: [
            'arn:aws:sns:us-east-1:123456789012:on-call-0',
            'arn:aws:sns:us-east-1:123456789012:on-call-1',
            'arn:aws:sns:us-east-1:123456789012:on-call-2',
            'arn:aws:sns:us-east-1:123456789012:on-call-3',
            'arn:aws:sns:us-east-1:123456789012:on-call-4',
            'arn:aws:sns:us-east-1:123456789012:on-call-5',
          ],
        },
        'arn:aws:sns:us-east-1:123456789012:on-call-0, arn:aws:sns:us-east-1:123456789012:on-call-1, arn:aws:sns:us-east-1:123456789012:on-call-2, arn:aws:sns:us-east-1:123456789012:on-call-3, arn:aws:sns:us-east-1:123456789012:on-call-4, arn:aws:sns:us-east-1:123456789012:on-call-5',
      ],
      'got arn:aws:sns:eu-west-1:123456789012:alarms': [
        { alarm_actions: ['arn:aws:sns:eu-west-1:123456789012:alarms'] },
        'arn:aws:sns:eu-west-1:123456789012:alarms',
      ],
    },
  },
  {
    by: 'var.lambda_runtime',
    message: 'lambda_runtime must be nodejs22.x or newer; got {}.',
    rows: {
      'too little': [{ lambda_runtime: 'nodejs20.x' }, 'nodejs20.x'],
      'words that nobody knows': [{ lambda_runtime: 'python3.13' }, 'python3.13'],
    },
  },
  {
    by: 'var.log_retention_days',
    message:
      'log_retention_days must be a period that CloudWatch Logs knows (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653); got {}.',
    rows: {
      'too little': [{ log_retention_days: 0 }, '0'],
      'too much': [{ log_retention_days: 10 }, '10'],
      'got 2': [{ log_retention_days: 2 }, '2'],
    },
  },
  {
    by: 'var.parameter_throughput',
    message: "parameter_throughput must be standard or high, or null to leave the account's setting alone; got {}.",
    rows: {
      'another throughput': [{ parameter_throughput: 'higher' }, 'higher'],
    },
  },
]
