output "url" {
  description = "Where the private content is."
  value       = module.content.url
}

output "cookie_endpoint" {
  description = "Where an app trades its token for cookies."
  value       = module.content.cookie_endpoint
}

output "bucket_name" {
  description = "Where to put the content."
  value       = module.content.bucket_name
}

output "user_pool_id" {
  description = "Where to create users."
  value       = module.content.user_pool_id
}

output "user_pool_client_id" {
  description = "What apps sign in with."
  value       = module.content.user_pool_client_id
}

output "distribution_id" {
  description = "For invalidations."
  value       = module.content.distribution_id
}

output "key_group_id" {
  description = "The keys that sign this stage's cookies, and no other's."
  value       = module.content.key_group_id
}

output "signing_key_secret_name" {
  description = "What to rotate."
  value       = module.content.signing_key_secret_name
}
