using System.Globalization;
using System.Text.Json;
using AiMe.Models.OpenAi.Scoring;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi.Survey;

/// <summary>Finds out by asking what a server can do. It costs about ten short requests, and changes nothing.</summary>
/// <param name="server">The server, with the options of an experiment.</param>
/// <param name="chatModel">Name of the chat model.</param>
/// <param name="embeddings">Name of the embedding model; null if the server is not asked for embeddings.</param>
/// <param name="scoring">How text is scored; its template is used whatever the way.</param>
public sealed class ServerSurvey(OpenAiServer server, string chatModel, string? embeddings, ScoringOptions scoring)
{
    /// <summary>The names of what is asked for.</summary>
    public const string Version = "version",
        Models = "models",
        Chat = "chat",
        Seeds = "seeds",
        LogProbabilities = "log-probabilities",
        Schema = "json-schema",
        PromptScoring = "scoring: prompt-logprobs",
        EchoScoring = "scoring: completions",
        Embeddings = "embeddings",
        Jobs = "jobs",
        Adapters = "adapters";

    // Enough for the form, and fewer than a small context has.
    private const int Words = 12,
        FormTokens = 128;

    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Tell me of a colour that you like, and why.")];

    private static readonly JsonElement Form = JsonElement.Parse(
        """{"type":"object","properties":{"colour":{"type":"string"}},"required":["colour"],"additionalProperties":false}"""
    );

    private readonly OpenAiChat _chat = new(server, chatModel);

    /// <summary>One finding after the other, as the answers come.</summary>
    public async IAsyncEnumerable<Capability> AskAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        yield return await VersionAsync(cancellationToken);
        var models = await ModelsAsync(cancellationToken);
        yield return models;
        var chat = await TryAsync(Chat, () => ChatAsync(cancellationToken));
        yield return chat;
        foreach (
            var (name, ask) in (IEnumerable<(string, Func<Task<Capability>>)>)
                [
                    (Seeds, () => SeedsAsync(cancellationToken)),
                    (LogProbabilities, () => LogProbabilitiesAsync(cancellationToken)),
                    (Schema, () => SchemaAsync(cancellationToken)),
                    (PromptScoring, () => ScoringAsync(PromptScoring, ScoringWay.PromptLogProbabilities, cancellationToken)),
                    (EchoScoring, () => ScoringAsync(EchoScoring, ScoringWay.Completions, cancellationToken)),
                ]
        )
            yield return chat.Answer == true
                ? await TryAsync(name, ask)
                : new(name, null, "not asked, because the chat model gave no answer");
        if (models.Answer is null && chat.Answer is null)
        {
            foreach (var name in (string[])[Embeddings, Jobs, Adapters])
                yield return new(name, null, "not asked, because the server gave no answer that can be used to the questions before");
            yield break;
        }

        yield return embeddings is null
            ? new(Embeddings, null, "not asked, because the embedder runs in this process")
            : await TryAsync(Embeddings, () => EmbeddingsAsync(embeddings, cancellationToken));
        yield return await OfferedAsync(Jobs, new OpenAiCall("GET", "fine_tuning/jobs") { Query = "limit=1" }, cancellationToken);
        // Without a name it loads nothing: a server that has the call says what is missing.
        yield return await OfferedAsync(
            Adapters,
            new OpenAiCall("POST", "load_lora_adapter") { Body = BinaryData.FromString("{}") },
            cancellationToken
        );
    }

    private async Task<Capability> VersionAsync(CancellationToken cancellationToken) =>
        await server.Identities.EngineAsync(cancellationToken) is { Length: > 0 } engine
            ? new(Version, true, engine)
            : new(Version, false, "the server does not answer GET /version");

    private async Task<Capability> ModelsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var json = await server.CallAsync(new OpenAiCall("GET", "models"), cancellationToken);
            using var document = OpenAiJson.Parse(json.ToMemory());
            var names = OpenAiJson
                .Need(document.RootElement, "data", JsonValueKind.Array, "data")
                .EnumerateArray()
                .Select(m => OpenAiJson.Text(m, "id", "data.id"))
                .ToList();
            var has = names.Contains(chatModel);
            return new(Models, has, has ? $"{chatModel} is listed" : $"{chatModel} is not among the {names.Count} models that it lists");
        }
        catch (FormatException e)
        {
            return new(Models, null, $"its list of models cannot be read: {e.Message}");
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e) && !cancellationToken.IsCancellationRequested)
        {
            return new(Models, null, server.Translate(e, chatModel, cancellationToken).Message);
        }
    }

    private async Task<Capability> ChatAsync(CancellationToken cancellationToken)
    {
        var response = await SampleAsync(1, cancellationToken);
        var tokens = response.Usage?.OutputTokenCount is { } n ? $"{n} tokens" : "the number of tokens is not told";
        return new(Chat, true, $"{chatModel} answers ({tokens})");
    }

    private async Task<Capability> SeedsAsync(CancellationToken cancellationToken)
    {
        var (first, again, other) = (
            await SampleAsync(1, cancellationToken),
            await SampleAsync(1, cancellationToken),
            await SampleAsync(2, cancellationToken)
        );
        return server.LeavesOut(RequestParameters.Seed) ? new(Seeds, false, "the server refuses the parameter seed")
            : first.Text != again.Text ? new(Seeds, false, "two answers to one request with one seed differ")
            : first.Text == other.Text
                ? new(Seeds, null, "answers with two seeds are equal too, so that it is not known what the seed does")
            : new(Seeds, true, "two answers with one seed are equal, and one with another seed differs");
    }

    private async Task<Capability> LogProbabilitiesAsync(CancellationToken cancellationToken)
    {
        var response = await SampleAsync(1, cancellationToken, o => (o.AdditionalProperties ??= [])[Parts.AlternativesWanted] = 20);
        var measured = response.AdditionalProperties;
        return measured?.GetValueOrDefault(Parts.Nats) is not double nats
                ? new(LogProbabilities, false, "its answers have no log-probabilities of their tokens")
            : measured.ContainsKey(Parts.Alternatives)
                ? new(LogProbabilities, true, $"of each token, with alternatives (ln p of an answer: {Number(nats)})")
            : new(LogProbabilities, true, $"of each token, without alternatives (ln p of an answer: {Number(nats)})");
    }

    private async Task<Capability> SchemaAsync(CancellationToken cancellationToken)
    {
        var response = await SampleAsync(1, cancellationToken, o =>
            (o.ResponseFormat, o.MaxOutputTokens) = (ChatResponseFormat.ForJsonSchema(Form, "colour"), FormTokens)
        );
        if (server.RefusesSchema)
            return new(Schema, false, "the server refuses a JSON schema; the form is described in words too");
        try
        {
            using var json = JsonDocument.Parse(response.Text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("colour", out _)
                ? new(Schema, true, "the answer has the requested form")
                : new(Schema, false, "the answer is JSON of another form");
        }
        catch (JsonException)
        {
            return new(Schema, false, "the answer is not JSON; reflect: {form: text} needs none");
        }
    }

    private async Task<Capability> ScoringAsync(string name, ScoringWay way, CancellationToken cancellationToken)
    {
        OpenAiScorer scorer = new(server, scoring with { Way = way });
        var score = (await scorer.ScoreAsync(chatModel, Question, ["I like blue."], cancellationToken))[0];
        return new(name, true, $"ln p of a text of {score.Tokens} tokens: {Number(score.Nats)}");
    }

    private async Task<Capability> EmbeddingsAsync(string name, CancellationToken cancellationToken)
    {
        var vectors = await new OpenAiEmbedder(server, name).GenerateAsync(["blue", "a stone"], cancellationToken: cancellationToken);
        return new(Embeddings, true, $"{name} gives {vectors[0].Vector.Length} components");
    }

    private async Task<Capability> OfferedAsync(string name, OpenAiCall call, CancellationToken cancellationToken)
    {
        try
        {
            await server.CallAsync(call, cancellationToken);
            return call.Body is null
                ? new(name, true, $"{call.Method} /{call.Path} is offered")
                : new(name, null, $"the server answers {call.Method} /{call.Path} as if nothing were missing in it");
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e) && !cancellationToken.IsCancellationRequested)
        {
            var status = OpenAiFailures.Last(e) is System.ClientModel.ClientResultException refused ? refused.Status : 0;
            return status switch
            {
                400 or 422 when call.Body is not null => new(name, true, $"{call.Method} /{call.Path} is offered"),
                404 or 405 or 501 => new(name, false, $"the server has no {call.Method} /{call.Path} (HTTP {status})"),
                _ => new(name, null, server.Translate(e, chatModel, cancellationToken).Message),
            };
        }
    }

    private Task<ChatResponse> SampleAsync(int seed, CancellationToken cancellationToken, Action<ChatOptions>? more = null)
    {
        ChatOptions options = new()
        {
            Temperature = 1,
            Seed = seed,
            MaxOutputTokens = Words,
        };
        more?.Invoke(options);
        return _chat.GetResponseAsync(Question, options, cancellationToken);
    }

    // A model that reasons first may need more tokens than it is given: that is not known, and no fault of the server.
    private static async Task<Capability> TryAsync(string name, Func<Task<Capability>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProviderException failure)
        {
            return new(name, failure is { CutOff: false, ForGood: true } ? false : null, failure.Message);
        }
    }

    private static string Number(double nats) => nats.ToString("0.###", CultureInfo.InvariantCulture);
}
