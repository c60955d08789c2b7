output "url" {
  description = "Where the private content is, by the first host name."
  value       = module.content.url
}

output "cookie_endpoint" {
  description = "Where an app trades its token for cookies."
  value       = module.content.cookie_endpoint
}

output "user_pool_id" {
  description = "Where to create users."
  value       = module.content.user_pool_id
}
