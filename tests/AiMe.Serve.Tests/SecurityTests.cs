using System.Net;
using System.Text;

namespace AiMe.Serve.Tests;

public sealed class SecurityTests
{
    private const string Chat =
        $"{{\"model\": \"{Served.Model}\", \"messages\": [{{\"role\": \"user\", \"content\": \"Why?\"}}], \"max_tokens\": 4}}";

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1")] // without the port
    [InlineData("127.0.0.1:1")]
    public async Task A_request_under_another_host_name_is_refused(string host)
    {
        await using var served = await Served.StartAsync();
        (await served.PostAsync("/v1/chat/completions", Chat, ("Host", host))).Refused(403).Code.ShouldBe("host_not_allowed");
    }

    [Fact]
    public async Task An_allowed_host_name_is_answered()
    {
        await using var served = await Served.StartAsync(o => o with { HostNames = ["models.example"] });
        (await served.PostAsync("/v1/chat/completions", Chat, ("Host", "models.example"))).Ok();
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_origin_is_refused_and_told_nothing(string header, string value)
    {
        await using var served = await Served.StartAsync();
        var reply = await served.PostAsync("/v1/chat/completions", Chat, (header, value));
        reply.Refused(403).Code.ShouldBe("origin_not_allowed");
        reply.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Its_own_origin_is_accepted_but_no_CORS_is_granted()
    {
        await using var served = await Served.StartAsync();
        var own = served.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var reply = await served.PostAsync("/v1/chat/completions", Chat, ("Origin", own));
        reply.Ok();
        reply.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        (await served.SendAsync(HttpMethod.Options, "/v1/chat/completions", null, ("Origin", own))).Refused(405);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_declared_as_JSON_is_refused(string type)
    {
        await using var served = await Served.StartAsync();
        foreach (var path in (string[])["/v1/chat/completions", "/v1/fine_tuning/jobs", "/v1/load_lora_adapter", "/tokenize"])
            (await served.SendAsync(HttpMethod.Post, path, new StringContent(Chat, Encoding.UTF8, type))).Refused(415);
    }

    [Fact]
    public async Task Every_request_needs_the_key_if_there_is_one()
    {
        await using var served = await Served.StartAsync(o => o with { Key = "secret" });
        (await served.GetAsync("/v1/models")).Refused(401).Code.ShouldBe("invalid_api_key");
        (await served.PostAsync("/v1/chat/completions", Chat, ("Authorization", "Bearer wrong"))).Refused(401);
        (await served.PostAsync("/v1/chat/completions", Chat, ("Authorization", "Basic secret"))).Refused(401);
        (await served.GetAsync("/v1/nothing")).Refused(401);
        (await served.GetAsync("/version")).Refused(401);
        (await served.PostAsync("/v1/chat/completions", Chat, ("Authorization", "Bearer secret"))).Ok();
        (await served.GetAsync("/health")).Ok();
    }

    [Fact]
    public async Task Without_a_key_no_address_but_loopback_is_bound()
    {
        foreach (var key in (string?[])[null, ""])
        {
            var refused = await Should.ThrowAsync<ArgumentException>(() =>
                Served.StartAsync(o => o with { Address = IPAddress.Any, Key = key })
            );
            refused.Message.ShouldContain("a key is needed");
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var served = await Served.StartAsync(o => o with { LargestBody = 1000 });
        (await served.PostAsync("/v1/chat/completions", Chat.Replace("Why?", new string('a', 2000)))).Refused(413);
    }

    [Fact]
    public async Task A_busy_server_turns_requests_away_and_says_when_to_try_again()
    {
        await using var served = await Served.StartAsync(o => o with { Parallel = 1, Waiting = 0 });
        var many = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => served.PostAsync("/v1/chat/completions", Chat)));
        foreach (var reply in many.Where(r => r.Status != HttpStatusCode.OK))
        {
            reply.Refused(429).Code.ShouldBe("rate_limit_exceeded");
            reply.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        many.ShouldContain(r => r.Status == HttpStatusCode.OK);
        (await served.PostAsync("/v1/chat/completions", Chat)).Ok();
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_method_have_errors_of_the_same_shape()
    {
        await using var served = await Served.StartAsync();
        (await served.GetAsync("/v1/threads")).Refused(404).Code.ShouldBe("unknown_url");
        (await served.GetAsync("/v1/chat/completions")).Refused(405).Code.ShouldBe("method_not_supported");
        var reply = await served.PostAsync("/v1/chat/completions", "{\"model\":");
        reply.Refused(400).Code.ShouldBe("invalid_json");
        reply.Headers.GetValues("x-request-id").Single().ShouldStartWith("req_");
        (await served.PostAsync("/v1/chat/completions", "[]")).Refused(400);
    }

    [Fact]
    public async Task The_version_and_the_models_are_told()
    {
        await using var served = await Served.StartAsync();
        (await served.GetAsync("/version")).Ok().GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        var models = (await served.GetAsync("/v1/models")).Ok().GetProperty("data").EnumerateArray().ToArray();
        models.Select(m => m.GetProperty("id").GetString()).ShouldBe([Served.Model, "hash"]);
        (await served.GetAsync("/v1/models/hash")).Ok();
        (await served.GetAsync("/v1/models/none")).Refused(404).Code.ShouldBe("model_not_found");
    }
}
