using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Models;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the keys of <c>model</c> that describe the habits of a server and its model.</summary>
internal static class ServerReader
{
    private const string Auto = "auto",
        None = "none",
        Forms = "auto, none, or {open, close}",
        OpenPattern = @"^[\s\S]{0,100}$",
        ClosePattern = @"^[\s\S]{1,100}$";

    /// <summary>The marks of reasoning; null for the known ones.</summary>
    public static ReasoningTags? Reasoning(Section model)
    {
        if (
            model.Find(
                "reasoning",
                "how the model marks its reasoning, which is kept apart from its answer: auto for the marks that are known, at the "
                    + "beginning of an answer; none to leave the text as it is; or the marks themselves",
                Auto
            )
            is not { } field
        )
            return null;
        var (isAuto, isNone) = (field.Is(Auto), field.Is(None));
        if (field.Asked is null && (isAuto || isNone))
            return isAuto ? null : ReasoningTags.None;
        if (field.Section(Forms, or: Auto) is not { } s)
            return null;
        var open = Mark(s.Find("open", "the mark before the reasoning; empty or left out if the chat template writes it"), OpenPattern);
        var close = s.Need("close", "the mark after the reasoning") is { } end ? Mark(end, ClosePattern) : "";
        if (close.Length == 0 && s.Find("close") is { Node: ScalarNode } blank)
            blank.Fail("the mark is empty, expected the mark after the reasoning, such as </think>");
        s.Close();
        return close.Length > 0 ? new ReasoningTags(open, close) : null;
    }

    /// <summary>The parameters that are never sent.</summary>
    public static ImmutableArray<string> LeaveOut(Section model)
    {
        var field = model.Find(
            "leave-out",
            "request parameters that the server does not take and that are never sent; others that it refuses are found out during the run"
        );
        List<string> words = [];
        foreach (var item in field?.Items("a list of request parameters, such as [seed]", atLeast: 0, distinct: true) ?? [])
        {
            var word = item.Word(Keywords.RequestParameters, "");
            if (words.Contains(word) && word.Length > 0)
                item.Fail($"found '{word}' twice, expected once");
            words.Add(word);
        }

        words.RemoveAll(w => w.Length == 0);
        return words.Count == 0 ? ImmutableArray<string>.Empty : [.. words];
    }

    /// <summary>The same model, with <c>leave-out: [log-probabilities]</c> as <c>log-probabilities: false</c>.</summary>
    public static OpenAiModel WithoutLikelihoods(OpenAiModel model) =>
        model.LeaveOut.Contains(RequestParameters.LogProbabilities)
            ? model with
            {
                LogProbabilities = false,
                LeaveOut = model.LeaveOut.Remove(RequestParameters.LogProbabilities),
            }
            : model;

    private static string Mark(FieldReader? field, string pattern)
    {
        if (field is null)
            return "";
        field.Asked?.Form(pattern);
        if (field.Node is ScalarNode { Text: { Length: <= 100 } mark })
            return mark;
        if (field.Asked is null)
            field.Expected("a text of at most 100 characters");
        return "";
    }
}
