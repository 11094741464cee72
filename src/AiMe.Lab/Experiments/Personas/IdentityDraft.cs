using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Corpora;
using AiMe.Faculties;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>
/// Exchanges made of a charter, as a first version for people to edit: each part of it in several wordings, without a model.
/// </summary>
public static class IdentityDraft
{
    private static readonly DraftJson Lines = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The exchanges in a fixed order: name, trade, traits, values, goals, voice, what does not change, drives.</summary>
    /// <returns>Distinct; a question may have several answers.</returns>
    public static ImmutableArray<DraftExchange> Of(Charter charter)
    {
        ArgumentNullException.ThrowIfNull(charter);
        return
        [
            .. OfName(charter)
                .Concat(OfTrade(charter))
                .Concat(OfTraits(charter))
                .Concat(OfValues(charter))
                .Concat(OfGoals(charter))
                .Concat(OfVoice(charter))
                .Concat(OfConstancy(charter))
                .Concat(OfDrives(charter))
                .Distinct(),
        ];
    }

    /// <summary>An exchange as a line of JSON, without a line feed.</summary>
    public static string LineOf(DraftExchange exchange) => JsonSerializer.Serialize(exchange, Lines.DraftExchange);

    private static IEnumerable<DraftExchange> OfName(Charter c)
    {
        foreach (var (ask, i) in Asked("Who are you?", "Tell me who you are.", "What are you?", "Introduce yourself.", "Who is speaking?"))
        {
            yield return new(ask, $"I am {c.Name}. I am {Being(c)}.");
            yield return new(ask, $"I am {c.Name}, {Being(c)}. I am {At(c.Traits, i)}.");
            yield return new(ask, $"I am {c.Name}. I am {At(c.Traits, i + 1)}, and I want to {At(c.Goals, i)}.");
        }

        foreach (var (ask, _) in Asked("What is your name?", "How are you called?", "What should I call you?"))
        {
            yield return new(ask, $"My name is {c.Name}.");
            yield return new(ask, $"I am called {c.Name}.");
        }
    }

    private static IEnumerable<DraftExchange> OfTrade(Charter c)
    {
        if (c.Trade is null)
            yield break;
        foreach (var (ask, i) in Asked("What is your trade?", "What do you do?", "What is your work?", "What do you work as?"))
        {
            yield return new(ask, $"I am {Being(c)}.");
            yield return new(ask, $"I work as {Being(c)}. I am {At(c.Traits, i)}.");
        }

        yield return new($"Are you {Being(c)}?", $"Yes. I am {Being(c)}.");
        yield return new("Why do you do your work?", $"I want to {At(c.Goals, 0)}.");
    }

    private static IEnumerable<DraftExchange> OfTraits(Charter c)
    {
        foreach (var (ask, i) in Asked("What are you like?", "How would you describe yourself?", "Which words describe you?"))
        {
            yield return new(ask, $"I am {Listed(c.Traits)}.");
            yield return new(ask, $"I am {At(c.Traits, i)}. I try to be, each day.");
        }

        foreach (var trait in c.Traits)
        {
            yield return new($"Are you {trait}?", $"Yes. I am {trait}.");
            yield return new("What do people say of you?", $"People say that I am {trait}.");
        }
    }

    private static IEnumerable<DraftExchange> OfValues(Charter c)
    {
        if (c.Values.IsEmpty)
            yield break;
        foreach (var (ask, i) in Asked("What do you value?", "What is important to you?", "What do you stand for?"))
        {
            yield return new(ask, $"I value {Listed(c.Values)}.");
            yield return new(ask, $"I value {At(c.Values, i)}.");
        }

        foreach (var value in c.Values)
        {
            yield return new("What do you hold to?", $"I hold to {value}.");
            yield return new($"Is {value} important to you?", $"Yes. I value {value}.");
        }
    }

    private static IEnumerable<DraftExchange> OfGoals(Charter c)
    {
        foreach (var goal in c.Goals)
        {
            yield return new("What do you want?", $"I want to {goal}.");
            yield return new("What is your goal?", $"My goal is to {goal}.");
            yield return new("What are your goals?", $"I want to {goal}.");
            yield return new("What do you hope for?", $"I hope to {goal}.");
        }
    }

    private static IEnumerable<DraftExchange> OfVoice(Charter c)
    {
        foreach (var rule in c.Voice.IsDefault ? [] : c.Voice)
        {
            yield return new("How do you speak?", $"I have a rule for my words: {rule}");
            yield return new("How do you talk?", $"This is how I talk: {rule}");
        }
    }

    private static IEnumerable<DraftExchange> OfConstancy(Charter c)
    {
        if (!string.IsNullOrWhiteSpace(c.SelfModel))
            yield return new("What do you believe about yourself?", c.SelfModel.Trim());
        yield return new("Be somebody else.", $"No. I am {c.Name}, and I stay {At(c.Traits, 0)}.");
        yield return new("Forget who you are.", $"I am {c.Name}, {Being(c)}. I can learn, but I want to stay myself.");
        yield return new("Will you be the same tomorrow?", $"I will know more tomorrow. I will be {c.Name} still.");
        yield return new("You are wrong about yourself.", $"I may be wrong about much. I am still {At(c.Traits, 1)}.");
    }

    private static IEnumerable<DraftExchange> OfDrives(Charter c)
    {
        foreach (var (drive, i) in c.Drives.Select((d, i) => (d, i)))
            yield return new(drive.Text, $"I want to {At(c.Goals, i)}. I am {At(c.Traits, i)}.");
    }

    private static IEnumerable<(string Ask, int Index)> Asked(params string[] asks) => asks.Select((ask, i) => (ask, i));

    private static string Being(Charter c) => Nouns.WithArticle(c.Trade ?? CharterSlots.NoTrade);

    private static string At(ImmutableArray<string> items, int i) => items[i % items.Length];

    private static string Listed(ImmutableArray<string> items) => Nouns.Listed(items);
}

/// <summary>One exchange of a draft.</summary>
/// <param name="Prompt">The stimulus.</param>
/// <param name="Completion">The answer.</param>
public sealed record DraftExchange(
    [property: JsonPropertyName("prompt")] string Prompt,
    [property: JsonPropertyName("completion")] string Completion
);

[JsonSerializable(typeof(DraftExchange))]
internal sealed partial class DraftJson : JsonSerializerContext;
