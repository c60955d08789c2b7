# What a path without a file stands for.

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

override_resource {
  override_during = plan
  target          = aws_cloudfront_function.content["files"]
  values          = { arn = "arn:aws:cloudfront::123456789012:function/photos-files" }
}

override_resource {
  override_during = plan
  target          = aws_cloudfront_function.content["website"]
  values          = { arn = "arn:aws:cloudfront::123456789012:function/photos-website" }
}

override_resource {
  override_during = plan
  target          = aws_cloudfront_function.content["spa"]
  values          = { arn = "arn:aws:cloudfront::123456789012:function/photos-spa" }
}

run "rewrites_addresses_of_a_website" {
  command = plan

  variables {
    public_paths = ["gallery/*"]
    sign_in      = {}
    site_mode    = "website"
    uploads      = { everybody_allowed = true }
  }

  assert {
    condition     = { for name, function in aws_cloudfront_function.content : name => function.code if name != "uploads" } == { for mode in ["files", "website"] : mode => join("\n", [file("cloudfront-functions/plain.js"), file("cloudfront-functions/${mode}.js")]) } && alltrue([for function in aws_cloudfront_function.content : function.publish && function.runtime == "cloudfront-js-2.0"])
    error_message = "The functions are published."
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.content[0].default_cache_behavior).function_association) == { event_type = "viewer-request", function_arn = "arn:aws:cloudfront::123456789012:function/photos-website" }
    error_message = "It runs on content."
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${join("", [for association in behaviour.function_association : reverse(split("/", association.function_arn))[0] if association.event_type == "viewer-request"])}"] == ["cookie/* ", ".sign-in/* ", "uploads/* photos-files", "gallery/* photos-website"]
    error_message = "On public content too; uploads are files, and endpoints neither."
  }
}

run "rewrites_addresses_of_a_spa" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/finance/*"], groups = ["finance"], exclusive = true },
    ]
    public_paths = ["gallery/*"]
    sign_in      = {}
    site_mode    = "spa"
    uploads      = { everybody_allowed = true }
  }

  assert {
    condition     = { for name, function in aws_cloudfront_function.content : name => function.code if name != "uploads" } == { for mode in ["files", "spa"] : mode => join("\n", [file("cloudfront-functions/plain.js"), file("cloudfront-functions/${mode}.js")]) } && alltrue([for function in aws_cloudfront_function.content : function.publish && function.runtime == "cloudfront-js-2.0"])
    error_message = "The functions are published."
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.content[0].default_cache_behavior).function_association) == { event_type = "viewer-request", function_arn = "arn:aws:cloudfront::123456789012:function/photos-spa" }
    error_message = "It runs on content."
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${join("", [for association in behaviour.function_association : reverse(split("/", association.function_arn))[0] if association.event_type == "viewer-request"])}"] == ["cookie/* ", ".sign-in/* ", "finance/* photos-spa", "uploads/* photos-files", "gallery/* photos-files"]
    error_message = "Not on public content, where strangers would be shown the private page of the app."
  }

  assert {
    condition     = tolist(output.distribution_parts.behaviours[4].function_arns) == tolist(["arn:aws:cloudfront::123456789012:function/photos-files"])
    error_message = "A distribution of one's own has them as well."
  }
}

run "leaves_addresses_alone_where_one_behaviour_has_them_all" {
  command = plan

  variables {
    public_paths = ["gallery/*"]
  }

  assert {
    condition     = length(aws_cloudfront_function.content) == 0 && length(local.default_behaviour.function_arns) == 0
    error_message = "No function runs, and none is paid for."
  }
}
