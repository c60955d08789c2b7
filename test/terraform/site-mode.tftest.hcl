# What a path without a file stands for.

mock_provider "aws" {
  source = "./test/terraform/mocks/content"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./test/terraform/mocks/home"
}

variables {
  name = "photos"
}

run "rewrites_addresses_of_a_website" {
  variables {
    public_paths = ["gallery/*"]
    sign_in      = {}
    site_mode    = "website"
    uploads      = {}
  }

  assert {
    condition     = aws_cloudfront_function.paths[0].code == join("\n", [file("cloudfront-functions/plain.js"), file("cloudfront-functions/website.js")]) && aws_cloudfront_function.paths[0].publish && aws_cloudfront_function.paths[0].runtime == "cloudfront-js-2.0"
    error_message = "The function is published."
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.content[0].default_cache_behavior).function_association) == { event_type = "viewer-request", function_arn = "arn:aws:cloudfront::123456789012:function/photos-paths" }
    error_message = "It runs on content."
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${length(behaviour.function_association)}"] == ["cookie/* 0", ".sign-in/* 0", "gallery/* 1", "uploads/* 0"]
    error_message = "Public content too, but neither endpoints nor uploads."
  }
}

run "rewrites_addresses_of_a_spa" {
  variables {
    public_paths = ["gallery/*"]
    sign_in      = {}
    site_mode    = "spa"
    uploads      = {}
  }

  assert {
    condition     = aws_cloudfront_function.paths[0].code == join("\n", [file("cloudfront-functions/plain.js"), file("cloudfront-functions/spa.js")]) && aws_cloudfront_function.paths[0].publish && aws_cloudfront_function.paths[0].runtime == "cloudfront-js-2.0"
    error_message = "The function is published."
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.content[0].default_cache_behavior).function_association) == { event_type = "viewer-request", function_arn = "arn:aws:cloudfront::123456789012:function/photos-paths" }
    error_message = "It runs on content."
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${length(behaviour.function_association)}"] == ["cookie/* 0", ".sign-in/* 0", "gallery/* 1", "uploads/* 0"]
    error_message = "Public content too, but neither endpoints nor uploads."
  }
}
