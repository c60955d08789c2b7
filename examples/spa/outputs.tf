output "url" {
  description = "The app."
  value       = module.content.url
}

output "bucket_name" {
  description = "Where the app goes, and where its photos are."
  value       = module.content.bucket_name
}

output "distribution_id" {
  description = "For invalidations."
  value       = module.content.distribution_id
}

output "user_pool_id" {
  description = "Where to create more users."
  value       = module.content.user_pool_id
}
