using AiMe.EventSourcing;
using AiMe.Faculties.Tests;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>A file that an editor or a copy has broken gives problems, never an exception.</summary>
public sealed class BrokenTextTests : IDisposable
{
    private const string Marks = " \n\t:,-[]{}'\"#&*!|>%@?0a";

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("study.yaml")]
    [InlineData("charter.yaml")]
    [InlineData("probes.yaml")]
    [InlineData("stimuli.jsonl")]
    public void Any_character_put_in_or_taken_out_anywhere_is_read_or_told(string file)
    {
        var text = File.ReadAllText(_study.PathOf(file));
        for (var i = 0; i < text.Length; i += Trials.Step)
        {
            var mark = Marks[(int)(new Seed(1).Derive(file, i).Value % (ulong)Marks.Length)];
            Check(file, text.Remove(i, 1));
            Check(file, text.Insert(i, mark.ToString()));
            Check(file, text[..i]);
        }
    }

    private void Check(string file, string text)
    {
        var loaded = Should.NotThrow(() => _study.Write(file, text).Load(), $"{file} with this text:\n{text}");
        (loaded.Experiment is null).ShouldBe(loaded.Problems.Any(p => p.Severity == Severity.Error));
        foreach (var problem in loaded.Problems.Where(p => p.At.File == _study.PathOf(file)))
            problem.At.Line.ShouldBeInRange(0, text.Count(c => c == '\n') + 1, problem.ToString());
    }
}
