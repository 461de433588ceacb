"""Routes of the HTTP API, from the deployed template.

CloudFormation makes them from the OpenAPI body of the API, but MiniStack 1.5.33 does not read that body. So this module
adds, changes and removes routes one by one, until they are equal to the body.
"""

import re
from typing import TYPE_CHECKING, Any

from stack.home import STACK

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2.client import ApiGatewayV2Client
    from mypy_boto3_cloudformation.client import CloudFormationClient

FUNCTION = re.compile(r"functions/\$\{(\w+)\.Arn\}/invocations")


def wanted(cloudformation: "CloudFormationClient") -> tuple[str, dict[str, str]]:
    """Return the id of the API, and the name of the function by route key (`GET /v2/zones`, `$default`)."""
    template: Any = cloudformation.get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
    resources = [each for page in pages for each in page["StackResourceSummaries"]]
    names = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in resources}
    (api, body) = next(
        (logical, resource["Properties"]["Body"])
        for logical, resource in template["Resources"].items()
        if resource["Type"] == "AWS::ApiGatewayV2::Api"
    )
    routes = {}
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            key = path if path == "$default" else f"{method.upper()} {path}"
            found = FUNCTION.search(str(operation["x-amazon-apigateway-integration"]["uri"]))
            assert found, f"the integration of {key} names no function"
            routes[key] = names[found[1]]
    return names[api], routes


def put(apigateway: "ApiGatewayV2Client", api: str, routes: dict[str, str]) -> int:
    """Set the routes of the API. Return the number of changes."""
    integrations = {
        each["IntegrationUri"]: each["IntegrationId"]
        for each in apigateway.get_integrations(ApiId=api, MaxResults="1000")["Items"]
    }
    present = {each["RouteKey"]: each for each in apigateway.get_routes(ApiId=api, MaxResults="1000")["Items"]}
    changes = 0
    for key, function in routes.items():
        if function not in integrations:
            made = apigateway.create_integration(
                ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
            )
            integrations[function] = made["IntegrationId"]
        target = f"integrations/{integrations[function]}"
        route = present.pop(key, None)
        if route is None:
            apigateway.create_route(ApiId=api, RouteKey=key, Target=target)
        elif route.get("Target") != target:
            apigateway.update_route(ApiId=api, RouteId=route["RouteId"], Target=target)
        else:
            continue
        changes += 1
    for route in present.values():
        apigateway.delete_route(ApiId=api, RouteId=route["RouteId"])
        changes += 1
    return changes
