output "url" {
  description = "Where the private content is."
  value       = module.content.url
}

output "bucket_name" {
  description = "Where to put the content."
  value       = module.content.bucket_name
}

output "user_pool_id" {
  description = "Where people and their groups are."
  value       = module.content.user_pool_id
}
