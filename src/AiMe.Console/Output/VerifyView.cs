using AiMe.Console.Doctor;
using AiMe.Console.Terminal;
using AiMe.Lab.Verification;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>What a verification found, for people.</summary>
internal static class VerifyView
{
    private const int InstancesShown = 20,
        RunsShown = 4,
        AlikeShown = 3;

    /// <summary>Writes the page.</summary>
    /// <param name="subject">What was verified.</param>
    public static void Write(string subject, VerificationReport found)
    {
        TerminalWriter.Output.Write(Head(subject, found));
        foreach (var alike in Alike(found.Divergences))
        {
            foreach (var divergence in alike.Take(AlikeShown))
                Write(divergence);
            if (alike.Length > AlikeShown)
                TerminalWriter.Output.WriteLine(
                    $"\n{Lines.Count(alike.Length - AlikeShown)} more likewise: {alike[0].Meaning}; --json has all of them."
                );
        }

        TerminalWriter.Output.MarkupLine("\n[bold]Checked[/]");
        TerminalWriter.Output.Write(Lines.Terms(Checked(found.Counts)));
        TerminalWriter.Output.MarkupLine("\n[bold]Not covered[/]");
        TerminalWriter.Output.Write(Lines.Terms(NotCovered(found)));
    }

    /// <summary>Divergences that mean the same, in the order of the first of each kind.</summary>
    internal static IEnumerable<Divergence[]> Alike(IEnumerable<Divergence> divergences) =>
        divergences.GroupBy(d => d.Meaning, StringComparer.Ordinal).Select(g => g.ToArray());

    private static IRenderable Head(string subject, VerificationReport found) =>
        new Rows([
            found.Holds
                ? new Markup($"[green]verified[/] {Markup.Escape(subject)}: nothing diverges")
                : new Markup(
                    $"[red]diverged[/] {Markup.Escape(subject)}: {Lines.Count(found.Divergences.Length, "divergence")}; "
                        + "the rest is in order"
                ),
            .. found.Owners.IsEmpty
                ? Array.Empty<IRenderable>()
                : [new Text($"A moment's view: {string.Join(", ", found.Owners)} may be writing meanwhile.", Lines.Dim)],
        ]);

    private static void Write(Divergence d)
    {
        var place = string.Join(
            ", ",
            new[]
            {
                d.Ordering is { } o ? $"ordering {o}" : null,
                d.SequenceNumber is { } s ? $"sequence number {s}" : null,
                d.Index is { } i ? $"event {i} of the {(IsSupervisors(d) ? "supervisor" : "life")}" : null,
                d.Manifest,
            }.OfType<string>()
        );
        TerminalWriter.Output.WriteLine();
        TerminalWriter.Output.Write(new Text(d.Stream + "\n", new Style(Color.Red)));
        TerminalWriter.Output.Write(
            Lines.Terms([
                .. place.Length > 0 ? [("at", place)] : Array.Empty<(string, string)>(),
                ("field", d.Field),
                ("expected", d.Expected),
                ("found", d.Found),
                ("means", d.Meaning),
            ])
        );
    }

    private static bool IsSupervisors(Divergence d) =>
        d.Stream.Split('/') is [_, var writer] && writer.StartsWith("supervisor", StringComparison.Ordinal);

    private static IEnumerable<(string, string)> Checked(VerificationCounts n)
    {
        yield return (
            "events",
            $"{Lines.Count(n.Events, "event")} in {Lines.Count(n.Streams, "stream")}, {ByteSize.Of(n.Bytes)}: links, "
                + "sequence numbers, order, writers, payloads"
        );
        yield return (
            "anchors",
            $"{Lines.Count(n.InstanceAnchors)} in lives, {Lines.Count(n.RunAnchors)} of supervisors, {Lines.Count(n.Digests, "run digest")}"
        );
        yield return (
            "snapshots",
            $"{Lines.Count(n.Snapshots)} equal to the folded "
                + $"state{string.Concat(n.OtherSnapshots.Select(o => $"; {Lines.Count(o.Value)} of another build ({o.Key}): only place and digest could be checked"))}"
        );
        yield return ("blobs", $"{Lines.Count(n.Blobs, "blob")} that events refer to, {ByteSize.Of(n.BlobBytes)}");
        if (n.ModelFiles > 0)
            yield return ("models", $"{Lines.Count(n.ModelFiles, "file")} or directories in models/: base models and calibrations");
    }

    private static IEnumerable<(string, string)> NotCovered(VerificationReport found)
    {
        var beyond = found.Instances.Where(l => l.Beyond > 0).ToList();
        foreach (var instance in beyond.Take(InstancesShown))
            yield return (
                $"{instance.Run}/{instance.Instance}",
                instance.IsKnown
                    ? $"{Lines.Count(instance.Beyond, "event")} behind the last anchor (event {Lines.Count(instance.Covered)} of "
                        + $"{Lines.Count(instance.Events)}): cutting off exactly these, or the last of them, would not be seen"
                    : $"{Lines.Count(instance.Events, "event")} that no run knows: a fork that was copied and never joined its "
                        + "run; it is never lived on"
            );
        if (beyond.Count > InstancesShown)
            yield return ("...", $"{Lines.Count(beyond.Count - InstancesShown)} more lives; --json has all of them");
        if (beyond.Count == 0 && found.Instances.Length > 0)
            yield return (
                "lives",
                "nothing: the last event of "
                    + $"{(found.Instances.Length == 1 ? "the life" : $"each of the {Lines.Count(found.Instances.Length)} lives")} is "
                    + "held by an anchor"
            );
        foreach (var run in found.Runs.Take(RunsShown))
            yield return (
                run.Run,
                $"the end of the supervisor's stream ({Lines.Count(run.Events, "event")}): nothing outside it anchors it; "
                    + $"the run's digest{(run.Digest is null ? ", once it has ended," : $" {run.Digest[..12]}...")} kept "
                    + "elsewhere does"
            );
        if (found.Runs.Length > RunsShown)
            yield return ("...", $"likewise {Lines.Count(found.Runs.Length - RunsShown)} more runs; --json has all of them");
        if (!found.Foreign.IsEmpty)
            yield return (
                "foreign",
                $"{Lines.Count(found.Foreign.Length, "stream")} of no faculty that this build has: "
                    + $"{string.Join(", ", found.Foreign.Take(3))}"
            );
    }
}
