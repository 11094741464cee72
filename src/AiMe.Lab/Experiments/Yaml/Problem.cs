namespace AiMe.Lab.Experiments.Yaml;

/// <summary>An error in the user's input, or a likely one.</summary>
/// <param name="At">Its place.</param>
/// <param name="Key">
/// Path in the file's structure, such as <c>variants.aligned.curate[1].top.fraction</c>; empty for the file as a whole.
/// </param>
/// <param name="Text">What was found, what was expected, and the nearest valid spelling if there is one.</param>
public sealed record Problem(Severity Severity, Place At, string Key, string Text)
{
    /// <summary>One line: <c>file:line:column: key: text</c>, a form that editors can jump to.</summary>
    public override string ToString()
    {
        var severity = Severity switch
        {
            Severity.Note => "note: ",
            Severity.Warning => "warning: ",
            _ => "",
        };
        return $"{At}: {severity}{(Key.Length == 0 ? "" : $"{Key}: ")}{Text}";
    }
}

/// <summary>The severity of a problem.</summary>
public enum Severity
{
    /// <summary>The experiment can run, and leaves something unused, which may be intended.</summary>
    Note,

    /// <summary>The experiment can run, but perhaps not as intended.</summary>
    Warning,

    /// <summary>The experiment cannot run.</summary>
    Error,
}

/// <summary>A place in the input.</summary>
/// <param name="File">
/// The file, relative to the working directory if it was given so; or the whole <c>--set key=value</c>.
/// </param>
/// <param name="Line">From 1; 0 for the file as a whole, or for a <c>--set</c>.</param>
/// <param name="Column">From 1, in characters; 0 if there is no line.</param>
public readonly record struct Place(string File, int Line, int Column)
{
    /// <summary>Whether the place is a <c>--set</c> of the command line, not a file.</summary>
    public bool IsSet { get; private init; }

    /// <summary>A file as a whole.</summary>
    public static Place Of(string file) => new(file, Line: 0, Column: 0);

    /// <summary>A <c>--set</c> of the command line.</summary>
    /// <param name="assignment">As given: <c>path=value</c>.</param>
    public static Place OfSet(string assignment) => new($"--set {assignment}", Line: 0, Column: 0) { IsSet = true };

    /// <inheritdoc />
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
