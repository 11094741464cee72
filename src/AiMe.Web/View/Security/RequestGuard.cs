using Microsoft.AspNetCore.Http;

namespace AiMe.Web.View.Security;

/// <summary>Refuses requests of other sites, also those that open a socket, before anything else sees them.</summary>
internal sealed class RequestGuard(RequestDelegate next, AllowedHosts hosts)
{
    /// <summary>Checks a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (Refusal(context.Request) is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(refusal + "\n", context.RequestAborted);
            return;
        }

        PagePolicy.Apply(context.Response.Headers, context.Request.Path);
        await next(context);
    }

    private string? Refusal(HttpRequest request)
    {
        if (!hosts.Admits(request.Host))
            return $"Refused: found another host name in the request, expected one of {hosts.Words}. Behind a proxy, give its name to "
                + "`aime view` as --allow-host.";
        if (request.Headers.Origin is { Count: > 0 } origins && !origins.All(o => o is not null && hosts.AdmitsOrigin(o)))
            return "Refused: the request comes from a page of another origin.";
        // A link on another site may open a page, but may load, post or connect nothing.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var navigates = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";
        return site is "cross-site" or "same-site" && (!navigates || request.Headers["Sec-Fetch-Dest"] != "document")
            ? "Refused: the request comes from a page of another site."
            : null;
    }
}
