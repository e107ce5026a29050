# POST /github-webhook, and nothing else. Whoever calls is known by the signature, which the function checks.

resource "aws_api_gateway_rest_api" "webhook" {
  count = local.imports ? 1 : 0

  name        = "${var.name}-github-webhook"
  description = "Takes GitHub's webhooks"
  tags        = var.tags

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "webhook" {
  count = local.imports ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.webhook[0].id
  parent_id   = aws_api_gateway_rest_api.webhook[0].root_resource_id
  path_part   = "github-webhook"
}

resource "aws_api_gateway_method" "webhook" {
  count = local.imports ? 1 : 0

  rest_api_id   = aws_api_gateway_rest_api.webhook[0].id
  resource_id   = aws_api_gateway_resource.webhook[0].id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "webhook" {
  count = local.imports ? 1 : 0

  rest_api_id             = aws_api_gateway_rest_api.webhook[0].id
  resource_id             = aws_api_gateway_resource.webhook[0].id
  http_method             = aws_api_gateway_method.webhook[0].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.live["git-to-skills"].invoke_arn
}

resource "aws_api_gateway_deployment" "webhook" {
  count = local.imports ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.webhook[0].id
  description = "POST /github-webhook"

  # A deployment is a copy of these: a change of them needs another.
  triggers = {
    of = sha256(jsonencode([
      aws_api_gateway_resource.webhook[0].id,
      aws_api_gateway_method.webhook[0].id,
      aws_api_gateway_integration.webhook[0].id,
      aws_api_gateway_integration.webhook[0].uri,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "webhook" {
  count = local.imports ? 1 : 0

  rest_api_id   = aws_api_gateway_rest_api.webhook[0].id
  deployment_id = aws_api_gateway_deployment.webhook[0].id
  stage_name    = "live"
  tags          = var.tags

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.webhook[0].arn
    format = jsonencode({
      requestId        = "$context.requestId"
      time             = "$context.requestTime"
      sourceIp         = "$context.identity.sourceIp"
      userAgent        = "$context.identity.userAgent"
      httpMethod       = "$context.httpMethod"
      path             = "$context.path"
      status           = "$context.status"
      responseLength   = "$context.responseLength"
      responseLatency  = "$context.responseLatency"
      integrationError = "$context.integrationErrorMessage"
    })
  }

  depends_on = [aws_api_gateway_account.region]
}

resource "aws_api_gateway_method_settings" "webhook" {
  count = local.imports ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.webhook[0].id
  stage_name  = aws_api_gateway_stage.webhook[0].stage_name
  method_path = "*/*"

  # GitHub calls once a push, or once a redelivery. What is over this is answered with 429 and never reaches the function.
  settings {
    throttling_rate_limit  = 10
    throttling_burst_limit = 50
  }
}

resource "aws_lambda_permission" "webhook" {
  count = local.imports ? 1 : 0

  statement_id  = "webhook"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["git-to-skills"].function_name
  qualifier     = aws_lambda_alias.live["git-to-skills"].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.webhook[0].execution_arn}/${aws_api_gateway_stage.webhook[0].stage_name}/POST/github-webhook"
}

resource "aws_cloudwatch_log_group" "webhook" {
  count = local.imports ? 1 : 0

  name              = "/aws/apigateway/${var.name}-github-webhook"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

# API Gateway writes logs with one role for the whole account and region.

resource "aws_api_gateway_account" "region" {
  count = local.imports && var.api_gateway_account_role ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.api_gateway[0].arn

  depends_on = [aws_iam_role_policy_attachment.api_gateway]
}

resource "aws_iam_role" "api_gateway" {
  count = local.imports && var.api_gateway_account_role ? 1 : 0

  name               = "${var.name}-api-gateway-logs"
  description        = "Lets API Gateway write logs, in this account and region"
  assume_role_policy = data.aws_iam_policy_document.api_gateway.json
  tags               = var.tags
}

data "aws_iam_policy_document" "api_gateway" {
  statement {
    sid     = "APIGateway"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

# AWS's own policy for it: the role is for all APIs of the account and region, those of others too.
resource "aws_iam_role_policy_attachment" "api_gateway" {
  count = local.imports && var.api_gateway_account_role ? 1 : 0

  role       = aws_iam_role.api_gateway[0].name
  policy_arn = "${local.arn}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}
