import { getResourceCount } from '../src/index.js'

describe('getResourceCount', () => {
  test.each<[string, string, [number, number, number]]>([
    [
      'an apply',
      'Plan: 9 to add, 9 to change, 9 to destroy.\nApply complete! Resources: 1 added, 2 changed, 3 destroyed.',
      [1, 2, 3],
    ],
    ['an apply with imports', 'Apply complete! Resources: 4 imported, 1 added, 2 changed, 3 destroyed.', [1, 2, 3]],
    ['a destroy', 'Plan: 0 to add, 0 to change, 5 to destroy.\nDestroy complete! Resources: 5 destroyed.', [0, 0, 5]],
    ['a plan', 'Plan: 10 to add, 0 to change, 1 to destroy.', [10, 0, 1]],
    ['a plan with imports', 'Plan: 2 to import, 10 to add, 0 to change, 1 to destroy.', [10, 0, 1]],
    ['a plan in colours', '\u001b[1mPlan:\u001b[0m 1 to add, 2 to change, 3 to destroy.\u001b[0m', [1, 2, 3]],
    ['a plan without changes', 'No changes. Your infrastructure matches the configuration.', [0, 0, 0]],
    ['an old plan without changes', 'No changes. Infrastructure is up-to-date.', [0, 0, 0]],
    [
      'a plan of outputs alone',
      'You can apply this plan to save these new output values to the Terraform state',
      [0, 0, 0],
    ],
  ])('reads %s', (_, text, [add, change, destroy]) => {
    expect(getResourceCount(text)).toEqual({ add, change, destroy })
  })

  test.each(['', 'Error: nothing was done', 'Plan: many to add'])('refuses %j', (text) => {
    expect(() => getResourceCount(text)).toThrow("can't parse Terraform output")
  })
})
