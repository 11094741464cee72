using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using AiMe.Console.Tests.Runs;
using AiMe.Journal;
using AiMe.Web.View;

namespace AiMe.Console.Tests.View;

/// <summary>What <c>aime view</c> answers, and to whom.</summary>
public sealed partial class ViewServerTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    private EventStore _store = default!;
    private ViewServer _server = default!;
    private HttpClient _client = default!;

    public async Task InitializeAsync()
    {
        _store = EventStore.OpenReadOnly(world.Store, TimeProvider.System, Processes.IsRunning);
        (_server, _client) = await StartAsync(IPAddress.Loopback);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task The_first_page_names_the_run_and_the_runs_page_its_instances()
    {
        var run = World.RunOf(world.First);
        (await _client.GetStringAsync("/")).ShouldContain($"/runs/{run}");
        var page = await _client.GetStringAsync($"/runs/{run}");
        page.ShouldContain(world.Digest);
        page.ShouldContain("8 instances");
    }

    [Fact]
    public async Task An_instances_page_shows_its_last_event_and_the_state_of_each_faculty()
    {
        var page = await _client.GetStringAsync($"/runs/{World.RunOf(world.First)}/keep-all-1");
        page.ShouldContain("State of each faculty");
        page.ShouldContain("self.probed@1");
    }

    [Fact]
    public async Task What_instances_remember_has_a_page_of_the_run_and_one_of_each_instance()
    {
        var run = $"/runs/{World.RunOf(world.First)}";
        (await _client.GetStringAsync(run)).ShouldContain($"href=\"{run}/memory\"");
        (await _client.GetStringAsync($"{run}/memory")).ShouldContain($"href=\"{run}/keep-all-1/memory\"");
        (await _client.GetStringAsync($"{run}/keep-all-1")).ShouldContain($"href=\"{run}/keep-all-1/memory\"");
        (await _client.GetStringAsync($"{run}/keep-all-1/memory?q=hello")).ShouldContain("recalled text stored as new: 0 of 12");
    }

    [Theory]
    [InlineData("99999")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task An_event_that_the_record_does_not_have_is_said(string index)
    {
        var page = $"/runs/{World.RunOf(world.First)}/keep-all-1";
        (await _client.GetStringAsync($"{page}?event={index}")).ShouldContain($"The record has no event {index}: it has ");
        (await _client.GetStringAsync($"{page}?event=1")).ShouldNotContain("The record has no event");
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task A_request_under_another_host_name_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var answer = await _client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("--allow-host");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_request_of_a_foreign_page_is_refused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/aime.css");
        request.Headers.Add(header, value);
        using var answer = await _client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_link_on_a_foreign_page_may_open_a_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        using var answer = await _client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_socket_of_a_foreign_page_is_refused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");
        var address = new UriBuilder(_server.Address) { Scheme = "ws", Path = "/_blazor" }.Uri;
        (await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None))).Message.ShouldContain(
            "403"
        );
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/aime.css")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/unlock")]
    public async Task Every_answer_has_a_content_security_policy_without_inline_scripts_and_no_sharing(string path)
    {
        using var answer = await _client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task The_token_opens_a_session_and_stands_in_no_address()
    {
        using var wrong = await UnlockAsync(_client, "0000", "/");
        wrong.Headers.Location!.ToString().ShouldContain("wrong=true");
        using var right = await UnlockAsync(_client, _server.Token.Text, $"/runs/{World.RunOf(world.First)}");
        right.Headers.Location!.ToString().ShouldBe($"/runs/{World.RunOf(world.First)}");
        right
            .Headers.GetValues("Set-Cookie")
            .ShouldContain(c =>
                c.StartsWith($"aime-view-{_server.Address.Port}=") && c.Contains("httponly") && c.Contains("samesite=strict")
            );
        right.Headers.ToString().ShouldNotContain(_server.Token.Text);
        (await _client.GetStringAsync("/")).ShouldContain("this page may change things");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    public async Task After_unlocking_one_returns_to_this_server_alone(string back)
    {
        using var answer = await UnlockAsync(_client, _server.Token.Text, back);
        answer.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task Unlocking_needs_the_form_of_this_server()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = _server.Token.Text });
        using var answer = await _client.PostAsync("/session", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Bound_to_every_address_each_page_demands_the_token()
    {
        var (server, client) = await StartAsync(IPAddress.Any);
        await using var _ = server;
        using var __ = client;
        foreach (var path in (string[])["/", $"/runs/{World.RunOf(world.First)}", $"/runs/{World.RunOf(world.First)}/report.html"])
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Found, path);
            answer.Headers.Location!.ToString().ShouldContain("/unlock");
        }

        (await client.GetStringAsync("/unlock")).ShouldNotContain(world.Store);
        using var socket = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", content: null);
        socket.StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Found);

        (await UnlockAsync(client, server.Token.Text, "/")).Dispose();
        (await client.GetStringAsync("/")).ShouldContain(World.RunOf(world.First));
    }

    [Fact]
    public async Task A_report_has_no_script_and_is_kept_in_a_sandbox()
    {
        using var answer = await _client.GetAsync($"/runs/{World.RunOf(world.First)}/report.html");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("<script");
    }

    [Fact]
    public async Task An_address_without_a_page_is_answered_by_a_page_that_says_so()
    {
        using var answer = await _client.GetAsync("/run/x");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("There is no such page");
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_told_so()
    {
        (await _client.GetStringAsync("/runs/none")).ShouldContain("no such run");
        using var report = await _client.GetAsync("/runs/none/report.html");
        report.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<(ViewServer Server, HttpClient Client)> StartAsync(IPAddress address)
    {
        var server = await ViewServer.StartAsync(
            _store,
            openForWriting: null,
            new ViewOptions(address, Port: 0, Parallel: 1, HostNames: []),
            TimeProvider.System,
            CancellationToken.None
        );
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        return (server, new HttpClient(handler) { BaseAddress = server.Address });
    }

    private static async Task<HttpResponseMessage> UnlockAsync(HttpClient client, string token, string back)
    {
        var page = await client.GetStringAsync($"/unlock?back={Uri.EscapeDataString(back)}");
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["token"] = token,
                ["back"] = back,
                ["__RequestVerificationToken"] = Hidden().Match(page).Groups[1].Value,
            }
        );
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded");
        return await client.PostAsync("/session", form);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Hidden();
}
