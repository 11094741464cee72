using System.Security.Cryptography;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the keys of <c>model</c> that say how a hosted model's given text is scored.</summary>
internal static class ScoringReader
{
    /// <summary>The same model with its scoring.</summary>
    public static OpenAiModel Read(Section s, OpenAiModel model)
    {
        var scoring = s.Word(
            "scoring",
            Keywords.Scorings,
            null,
            "how the server is asked for the log-probability of given text, from which alignment, quality, perplexity, held-out "
                + "cross-entropy and choice probes follow: prompt-logprobs of a chat (vLLM, aime serve), an echo of completions, auto for "
                + "the first that works, none if the server offers neither"
        );
        var template = s.Find(
            "chat-template",
            "the model's family, which renders a chat for scoring: completions; not needed if the server has /tokenize"
        );
        var names = s.Flag(
            "send-names",
            fallback: false,
            "sends each part of a prompt as a message of its own with the part's name, and no words around it: for aime serve"
        );
        var heldOut = s.Find(
            "held-out",
            "held-out text for scoring: a file of JSON Lines, relative to this one, each {\"messages\": [...]} with an answer as the last "
                + "message, or {\"prompt\", \"completion\"}"
        );
        var family = template?.Word(Keywords.ChatTemplates, "");
        if (scoring is null && template is { Asked: null })
            template.Fail("it is used for scoring alone; expected model.scoring: auto or completions, or remove the key");
        if (scoring is null && heldOut is { Asked: null })
            heldOut.Fail("text can be scored only if the server offers it; expected model.scoring: auto, or remove the key");
        model = model with { Scoring = scoring, SendNames = names, ChatTemplate = string.IsNullOrEmpty(family) ? null : family };
        return heldOut is null || TextFile.Referred(heldOut, "the held-out text") is not { } path
            ? model
            : WithHeldOut(model, path, s.Problems);
    }

    private static OpenAiModel WithHeldOut(OpenAiModel model, string path, Problems problems)
    {
        if (TextFile.Read(path, problems) is null)
            return model;
        var bytes = File.ReadAllBytes(path);
        var exchanges = HeldOutFile.Read(bytes, (line, text) => problems.Fail(new Place(path, line, 1), "", text));
        if (exchanges.IsEmpty && !problems.Any)
            problems.Fail(Place.Of(path), "", "found no exchange, expected one JSON object a line: {\"messages\": [...]}");
        return model with
        {
            HeldOut = new HeldOutText(Convert.ToHexStringLower(SHA256.HashData(bytes)), exchanges.Length),
            HeldOutData = bytes,
        };
    }
}
