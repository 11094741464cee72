namespace AiMe.Corpora;

/// <summary>An error in a charter, grammar or authored file.</summary>
/// <param name="file">The file as the caller named it.</param>
/// <param name="line">Line in that file, from 1.</param>
/// <param name="key">Path in the file's structure, such as <c>records[2].weight</c>.</param>
/// <param name="problem">What is wrong and what was expected, as a clause.</param>
public sealed class GrammarException(string file, long line, string key, string problem) : Exception($"{file}:{line}: {key}: {problem}")
{
    /// <summary>The file as the caller named it.</summary>
    public string File { get; } = file;

    /// <summary>Line in <see cref="File"/>, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>Path in the file's structure.</summary>
    public string Key { get; } = key;

    /// <summary>What is wrong and what was expected, as a clause.</summary>
    public string Problem { get; } = problem;
}
