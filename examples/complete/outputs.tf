output "gallery_url" {
  description = "The page to open."
  value       = "${module.content.url}/gallery/index.html"
}

output "url" {
  description = "Where the content is."
  value       = module.content.url
}

output "cookie_endpoint" {
  description = "Where a token becomes cookies."
  value       = module.content.cookie_endpoint
}

output "login_url" {
  description = "Base of the login page."
  value       = module.content.login_url
}

output "user_pool_id" {
  description = "Where users are made and passwords set."
  value       = module.content.user_pool_id
}

output "user_pool_client_id" {
  description = "What apps sign in with."
  value       = module.content.user_pool_client_id
}

output "identity_pool_id" {
  description = "Where an ID token becomes credentials for uploads."
  value       = module.content.identity_pool_id
}

output "bucket_name" {
  description = "Where the photos are."
  value       = module.content.bucket_name
}

output "distribution_id" {
  description = "For invalidations."
  value       = module.content.distribution_id
}

output "key_group_id" {
  description = "The keys that sign cookies."
  value       = module.content.key_group_id
}

output "signing_key_secret_name" {
  description = "What to rotate."
  value       = module.content.signing_key_secret_name
}

output "signer_function_name" {
  description = "The edge function, which outlives a destroy for some hours."
  value       = module.content.signer_function_name
}
