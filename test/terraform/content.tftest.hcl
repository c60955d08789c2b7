# The bucket.

mock_provider "aws" {
  source          = "./test/terraform/mocks/content"
  override_during = plan
}

mock_provider "aws" {
  alias           = "us_east_1"
  source          = "./test/terraform/mocks/home"
  override_during = plan
}

variables {
  name = "photos"
}

run "keeps_the_bucket_private_to_its_distribution" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.content[0].block_public_acls && aws_s3_bucket_public_access_block.content[0].block_public_policy && aws_s3_bucket_public_access_block.content[0].ignore_public_acls && aws_s3_bucket_public_access_block.content[0].restrict_public_buckets
    error_message = "All four blocks are on."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.content[0].rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are off."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.content[0].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Objects are encrypted."
  }

  assert {
    condition     = aws_s3_bucket.content[0].bucket_prefix == "photos-" && !aws_s3_bucket.content[0].force_destroy
    error_message = "A full bucket is not destroyed unasked."
  }

  assert {
    condition     = length(aws_s3_bucket_versioning.content) == 0 && length(aws_s3_bucket_lifecycle_configuration.content) == 0 && length(aws_s3_bucket_cors_configuration.content) == 0
    error_message = "Versions, rules and CORS are options."
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.content.statement : "${coalesce(statement.effect, "Allow")} ${join(",", statement.actions)} ${one(statement.condition).variable} ${join(",", one(statement.condition).values)}"] == ["Allow s3:GetObject AWS:SourceArn arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", "Allow s3:ListBucket AWS:SourceArn arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", "Deny s3:* aws:SecureTransport false"]
    error_message = "Objects, and whether they are there, for this distribution; nothing without TLS."
  }

  assert {
    condition     = data.aws_iam_policy_document.content.statement[0].resources == toset(["arn:aws:s3:::photos-mock/*"]) && data.aws_iam_policy_document.content.statement[1].resources == toset(["arn:aws:s3:::photos-mock"])
    error_message = "Objects are in the bucket, listing is of the bucket."
  }
}

run "keeps_versions_if_asked" {
  command = plan

  variables {
    versioning = { enabled = true, noncurrent_days = 7 }
  }

  assert {
    condition     = aws_s3_bucket_versioning.content[0].versioning_configuration[0].status == "Enabled"
    error_message = "Versions are kept."
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.content[0].rule : rule.id] == ["abandoned-uploads", "noncurrent-versions"] && aws_s3_bucket_lifecycle_configuration.content[0].rule[1].noncurrent_version_expiration[0].noncurrent_days == 7
    error_message = "And removed after a week."
  }
}

run "opens_uploads_to_listed_origins_and_its_own" {
  command = plan

  variables {
    allowed_origins = ["https://app.example.com"]
    uploads         = { abandoned_after_days = 3 }
  }

  assert {
    condition     = one(aws_s3_bucket_cors_configuration.content[0].cors_rule).allowed_origins == toset(["https://app.example.com", "https://d111111abcdef8.cloudfront.net"])
    error_message = "Exactly the listed origins and the distribution's own."
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.content[0].rule : rule.abort_incomplete_multipart_upload[0].days_after_initiation] == [3]
    error_message = "Abandoned parts go after three days."
  }
}

run "sets_no_rule_where_parts_may_stay" {
  command = plan

  variables {
    uploads = { abandoned_after_days = 0 }
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.content) == 0
    error_message = "There is nothing to do."
  }
}
