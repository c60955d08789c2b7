/** awslabs' cognito-at-edge as its README wires it: configuration in the code, a check of the cookie on each request. */
import { Authenticator } from 'cognito-at-edge'

const authenticator = new Authenticator({
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_AbC123',
  userPoolAppId: '4fk29fkbexample7client',
  userPoolDomain: 'photos.auth.eu-west-1.amazoncognito.com',
})

export const handler = (event: Parameters<Authenticator['handle']>[0]) => authenticator.handle(event)
