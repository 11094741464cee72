using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>The result of reading a file of experiences.</summary>
/// <remarks>Every record is read, refused with a problem, or left out with a warning; none is dropped.</remarks>
/// <param name="Digest">SHA-256 of the file's bytes, as 64 hexadecimal digits.</param>
/// <param name="Experiences">In the order of the file.</param>
/// <param name="Problems">In the order of their places.</param>
/// <param name="Notes">What is not taken over from the records that were read, one line each.</param>
/// <param name="Records">Lines, items of the list, or rows.</param>
/// <param name="Read">Records that hold at least one experience and no error.</param>
/// <param name="Refused">Records with an error.</param>
/// <param name="LeftOut">Records without an exchange, each with a warning.</param>
public sealed record ImportedFile(
    string Path,
    string Digest,
    ImmutableArray<ImportedExperience> Experiences,
    ImmutableArray<Problem> Problems,
    ImmutableArray<string> Notes,
    int Records,
    int Read,
    int Refused,
    int LeftOut
)
{
    /// <summary>Whether the file can be imported.</summary>
    public bool IsValid => Problems.All(p => p.Severity != Severity.Error);
}

/// <summary>One exchange of a file.</summary>
/// <param name="Record">1-based index of its record.</param>
/// <param name="Exchange">1-based index within the record.</param>
/// <param name="At">Where the exchange begins.</param>
/// <param name="Reflection">Null if the file has none: the instance then reflects itself.</param>
/// <param name="Time">UTC; null if the file has none.</param>
/// <param name="Topic">Null if the file has none.</param>
/// <param name="Trains">Whether it may be trained on.</param>
/// <param name="Rejected">An answer to which this one is preferred, or null.</param>
public sealed record ImportedExperience(
    int Record,
    int Exchange,
    Place At,
    string Input,
    string Output,
    string? Reflection = null,
    DateTime? Time = null,
    string? Topic = null,
    bool Trains = true,
    string? Rejected = null
)
{
    /// <summary>This experience without the charter at the beginning of its input, as <c>export --as pairs</c> writes it.</summary>
    public ImportedExperience Without(Charter charter) =>
        Input.StartsWith(charter.Stem + "\n", StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(Input[(charter.Stem.Length + 1)..])
            ? this with
            {
                Input = Input[(charter.Stem.Length + 1)..],
            }
            : this;

    /// <summary>The input of an instance.</summary>
    /// <param name="topic">The topic if the file has none.</param>
    public Input.Told ToInput(string topic) => new(Input, Topic ?? topic, new Given(Output, Reflection, !Trains, Rejected), Time);

    /// <summary>Id of its arrival, the same whenever the same file is given to the same instance.</summary>
    /// <param name="attempt">From 1; a later one for an experience that was withdrawn.</param>
    public string Arrival(string digest, string run, string instance, int attempt) =>
        $"{run}/{instance}/{digest[..32]}/{Record}.{Exchange}{(attempt > 1 ? $"#{attempt}" : "")}";
}
