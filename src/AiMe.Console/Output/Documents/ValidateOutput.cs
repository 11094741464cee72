using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Console.Output.Documents;

/// <summary>A problem of an experiment or of a file that it names.</summary>
/// <param name="Severity">With an error the experiment cannot run.</param>
/// <param name="File">The file, or the whole <c>--set</c>.</param>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Column">From 1, in characters; 0 if there is no line.</param>
/// <param name="Key">Path of the key; empty if there is none.</param>
/// <param name="Text">What is wrong, and what was expected.</param>
internal sealed record ValidateOutput(Severity Severity, string File, int Line, int Column, string Key, string Text) : OutputDocument
{
    public static ValidateOutput Of(Problem p) => new(p.Severity, p.At.File, p.At.Line, p.At.Column, p.Key, p.Text);
}
