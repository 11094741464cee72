using System.Net;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Web.Theme;
using AiMe.Web.View.Control;
using AiMe.Web.View.Live;
using AiMe.Web.View.Pages;
using AiMe.Web.View.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiMe.Web.View;

/// <summary>The web server of <c>aime view</c>: pages over one store.</summary>
public sealed class ViewServer : IAsyncDisposable
{
    private const string Unlock = "/unlock";

    // Wrong tokens cannot be tried fast; 128 bits need no more.
    private static readonly TimeSpan AfterWrongToken = TimeSpan.FromMilliseconds(500);

    // A pasted text of the greatest length that a form takes, in JSON, is longer than the framework's 32 KB.
    private const long LongestMessage = 256 << 10;

    private readonly WebApplication _app;
    private readonly StoreWriter _writer;

    private ViewServer(WebApplication app, StoreWriter writer, Uri address, AccessToken token) =>
        (_app, _writer, Address, Token) = (app, writer, address, token);

    /// <summary>Where a browser finds it.</summary>
    public Uri Address { get; }

    /// <summary>The token that changes need.</summary>
    public AccessToken Token { get; }

    /// <summary>Starts serving a store.</summary>
    /// <param name="store">Open for reading; the caller closes it after the server.</param>
    /// <param name="openForWriting">Opens the store for writing at the first change; null if nothing may be changed.</param>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static async Task<ViewServer> StartAsync(
        EventStore store,
        Func<CancellationToken, Task<EventStore>>? openForWriting,
        ViewOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        // No settings file, environment variable or command line of ASP.NET's own changes what is served where.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(ViewServer).Assembly.GetName().Name }
        );
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(options.Address, options.Port);
            });
        var token = AccessToken.New();
        var writer = new StoreWriter(openForWriting, store, options.Parallel, time);
        var port = new TaskCompletionSource<int>();
        AddServices(builder.Services, store, writer, token, options, port.Task, time);
        var app = builder.Build();
        Map(app, options, port.Task);
        await app.StartAsync(cancellationToken);
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        port.SetResult(new Uri(bound).Port);
        var host =
            options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any)
                ? "127.0.0.1"
                : AllowedHosts.InUrl(options.Address);
        return new ViewServer(app, writer, new Uri($"http://{host}:{port.Task.Result}/"), token);
    }

    /// <summary>Completes when the server has stopped.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.Services.GetRequiredService<RunControl>().CloseAsync();
        await _writer.CloseAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private static void AddServices(
        IServiceCollection services,
        EventStore store,
        StoreWriter writer,
        AccessToken token,
        ViewOptions options,
        Task<int> port,
        TimeProvider time
    )
    {
        // Failures alone: the address of an ordinary request says what a person looked at.
        services.AddLogging(log =>
            log.SetMinimumLevel(LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        );
        services.AddSingleton(store).AddSingleton(token).AddSingleton(time).AddSingleton(writer).AddSingleton(options);
        services.AddSingleton<StoreBoard>().AddSingleton<RunControl>().AddSingleton<ReportCache>();
        services.AddRoutingCore();
        services
            .AddRazorComponents()
            .AddInteractiveServerComponents(circuits => circuits.DetailedErrors = false)
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        services.AddCascadingAuthenticationState();
        // Sessions end with the process: no key is written to disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "aime-form");
        services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie =>
            {
                // Cookies know no port: two servers of one machine would end each other's sessions. These options are made at the
                // first request, and that has waited for the port.
                cookie.Cookie.Name = $"aime-view-{port.Result}";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.LoginPath = Unlock;
                cookie.AccessDeniedPath = Unlock;
                cookie.ReturnUrlParameter = UnlockPage.Back;
            });
        services.AddAuthorization();
    }

    private static void Map(WebApplication app, ViewOptions options, Task<int> port)
    {
        AllowedHosts? hosts = null;
        app.Use(
            async (context, next) =>
                await new RequestGuard(_ => next(context), hosts ??= AllowedHosts.Of(options, await port)).InvokeAsync(context)
        );
        // An address that no page has is answered by a page that says so.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAuthentication();
        app.UseRouting();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapGet("/aime.css", () => Results.Stream(WebAsset.Open(WebAsset.Style), "text/css")).AllowAnonymous();
        app.MapGet("/view.css", () => Results.Stream(WebAsset.Open(WebAsset.ViewStyle), "text/css")).AllowAnonymous();
        app.MapGet("/_framework/blazor.web.js", () => Results.Stream(WebAsset.Open(WebAsset.BlazorScript), "text/javascript"))
            .AllowAnonymous();
        app.MapPost(UnlockPage.Action, UnlockAsync).AllowAnonymous();
        List<IEndpointConventionBuilder> guarded =
        [
            app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null),
            app.MapGet("/runs/{run}" + PagePolicy.ReportEnd, ReportAsync),
        ];
        if (options.IsExposed)
            guarded.ForEach(g => g.RequireAuthorization(new AuthorizeAttribute { Roles = AccessToken.Role }));
    }

    private static async Task<IResult> ReportAsync(string run, ReportCache reports, CancellationToken cancellationToken)
    {
        try
        {
            return await reports.HtmlAsync(run, cancellationToken) is { } html
                ? Results.Content(html, "text/html; charset=utf-8")
                : Results.NotFound($"The store has no run '{run}'.");
        }
        catch (Exception e) when (e is CorruptJournalException or JournalException)
        {
            return Results.Text($"The report cannot be drawn: {e.Message}", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static async Task<IResult> UnlockAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        AccessToken token,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.Text(
                "The form was too old: go back, reload the page, and try again.",
                statusCode: StatusCodes.Status400BadRequest
            );
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var back = form[UnlockPage.Back].ToString() is { Length: > 0 } path && UnlockPage.IsLocal(path) ? path : "/";
        if (!token.Is(form["token"]))
        {
            await Task.Delay(AfterWrongToken, time, cancellationToken);
            return Results.LocalRedirect($"{Unlock}?wrong=true&{UnlockPage.Back}={Uri.EscapeDataString(back)}");
        }

        await context.SignInAsync(AccessToken.Holder);
        return Results.LocalRedirect(back);
    }
}
