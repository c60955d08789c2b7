output "url" {
  description = "Where the content is."
  value       = module.content.url
}

output "cookie_endpoint" {
  description = "Where a token becomes cookies."
  value       = module.content.cookie_endpoint
}

output "user_pool_id" {
  description = "Where users are made."
  value       = module.content.user_pool_id
}

output "user_pool_client_id" {
  description = "What programs sign in with."
  value       = module.content.user_pool_client_id
}
