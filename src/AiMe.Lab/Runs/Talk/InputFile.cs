using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Talk;

/// <summary>The result of reading a file of inputs.</summary>
/// <param name="Inputs">In the order of the file; empty if a problem is an error.</param>
public sealed record LoadedInputs(ImmutableArray<Input> Inputs, ImmutableArray<Problem> Problems);

/// <summary>Reads JSON Lines files of stimuli for an instance.</summary>
public static class InputFile
{
    /// <summary>Reads stimuli, in the form of an experiment's <c>stimuli.source</c>.</summary>
    public static LoadedInputs Stimuli(string path)
    {
        Problems problems = new();
        var (stimuli, _) = StimulusFile.Read(path, count: null, int.MaxValue, problems);
        return new(problems.Any ? [] : [.. stimuli.Select(s => new Input.Said(s.Text, s.Topic, s.Check))], problems.All);
    }
}
