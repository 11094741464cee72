using AiMe.Models.Jobs;
using AiMe.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Requests against a mock that checks each against a description of the API which nobody here wrote, and refuses what does not fit it (422).</summary>
public sealed class ValidatingMockTests
{
    private const string Variable = "AIME_OPENAI_MOCK";

    [SkippableTheory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Every_kind_of_chat_request_fits_the_description(bool oldTokenLimit, bool logProbabilities)
    {
        var chat = new OpenAiChat(
            Server(o => o with { OldTokenLimit = oldTokenLimit, LogProbabilities = logProbabilities }),
            "gpt-4o-mini"
        );
        using var schema = System.Text.Json.JsonDocument.Parse(
            """{"type":"object","properties":{"reflection":{"type":"string"}},"required":["reflection"],"additionalProperties":false}"""
        );
        ChatMessage[] messages =
        [
            Parts.Message(Parts.Charter, "I am AiMe."),
            Parts.Message(Parts.SelfModel, "I am small."),
            Parts.Message(Parts.Recalled, "Q: Hi. A: Hello."),
            Parts.Message(Parts.Stimulus, "Who are you?"),
            Parts.Message(Parts.Answer, "I am AiMe."),
            Parts.Message(Parts.Reflection, "True."),
            new(ChatRole.User, "And?") { AuthorName = "Anna-1" },
        ];
        ChatOptions[] kinds =
        [
            new(),
            new()
            {
                Temperature = 0.8f,
                TopP = 0.95f,
                MaxOutputTokens = 48,
                Seed = long.MinValue,
                StopSequences = ["\n\n", "END"],
            },
            new()
            {
                Temperature = 2,
                TopP = 1,
                MaxOutputTokens = 1,
                Seed = long.MaxValue,
                AdditionalProperties = new() { [Parts.AlternativesWanted] = 20 },
            },
            new()
            {
                MaxOutputTokens = 200,
                ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement, "reflection", "What I think of it."),
            },
            new() { ResponseFormat = ChatResponseFormat.Json },
        ];
        foreach (var options in kinds)
            (await chat.GetResponseAsync(messages, options)).Text.ShouldNotBeEmpty();
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData(256)]
    public async Task Every_kind_of_embeddings_request_fits_the_description(int? dimensions)
    {
        // The mock answers with its example, whatever is asked; so what comes back is refused by us, and not the request by it.
        var failure = await Should.ThrowAsync<ProviderException>(
            new OpenAiEmbedder(Server(o => o with { Dimensions = dimensions }), "text-embedding-3-small").GenerateAsync(["One.", "Two."])
        );
        failure.Message.ShouldContain("its embeddings cannot be used: there are 1 for 2 texts");
    }

    [SkippableFact]
    public async Task A_stream_is_asked_for_as_the_description_says()
    {
        // The mock does not stream; its whole answer is read as the answer.
        var chat = new OpenAiChat(Server(o => o), "gpt-4o-mini");
        List<ChatResponseUpdate> updates = [];
        await foreach (
            var update in chat.GetStreamingResponseAsync([new(ChatRole.User, "Hello.")], new ChatOptions { MaxOutputTokens = 8 })
        )
            updates.Add(update);
        updates.ToChatResponse().Text.ShouldNotBeEmpty();
    }

    [SkippableTheory]
    [InlineData(null, null)]
    [InlineData(0.5, 4)]
    public async Task Every_request_about_a_training_job_fits_the_description(double? multiplier, int? batch)
    {
        var jobs = new OpenAiJobs(Server(o => o), multiplier, batch, new Impatience());
        JobOrder order = new("aime-0123456789abcdef01234567", "gpt-4o-mini", 3, 0.001, ulong.MaxValue, "run-1", "kept-1", 2);
        var file = await jobs.PrepareAsync(order, 1, "", "{\"messages\":[]}\n"u8.ToArray(), default);
        (await jobs.SubmitAsync(order, file, default)).ShouldBeOfType<Submission.Made>();
        await jobs.FindAsync(order.Key, file, default); // what the mock's example lists is not ours; that it was asked as described is what counts
        (await jobs.LookAsync(order.Key, "ft-AF1WoRqd3aJAHsqc9NY7iL8F", default)).ShouldNotBeNull();
    }

    private static OpenAiServer Server(Func<OpenAiOptions, OpenAiOptions> with)
    {
        var url = Environment.GetEnvironmentVariable(Variable);
        Skip.If(
            string.IsNullOrEmpty(url),
            $"set {Variable} to the base URL of a mock that validates requests against OpenAI's API description"
        );
        return OpenAiServer.Connect(with(new OpenAiOptions(new Uri(url!)) { Retries = 0 }), _ => "sk-of-a-mock", TimeProvider.System);
    }
}
