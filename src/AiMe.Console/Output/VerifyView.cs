using AiMe.Console.Doctor;
using AiMe.Console.Terminal;
using AiMe.Lab.Verification;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints the result of a verification.</summary>
internal static class VerifyView
{
    private const int InstancesShown = 20,
        RunsShown = 4,
        AlikeShown = 3;

    /// <summary>Writes the page.</summary>
    /// <param name="subject">The verified store, run or instance, in words.</param>
    public static void Write(string subject, VerificationReport found)
    {
        TerminalWriter.Output.Write(Head(subject, found));
        foreach (var alike in Alike(found.Divergences))
        {
            foreach (var divergence in alike.Take(AlikeShown))
                Write(divergence);
            if (alike.Length > AlikeShown)
                TerminalWriter.Output.WriteLine(
                    $"\n{Lines.Count(alike.Length - AlikeShown)} more of the same kind: {alike[0].Meaning}; --json lists all."
                );
        }

        TerminalWriter.Output.MarkupLine("\n[bold]Checked[/]");
        TerminalWriter.Output.Write(Lines.Terms(Checked(found.Counts)));
        TerminalWriter.Output.MarkupLine("\n[bold]Not covered[/]");
        TerminalWriter.Output.Write(Lines.Terms(NotCovered(found)));
    }

    /// <summary>Groups divergences of the same meaning, in the order of the first of each kind.</summary>
    internal static IEnumerable<Divergence[]> Alike(IEnumerable<Divergence> divergences) =>
        divergences.GroupBy(d => d.Meaning, StringComparer.Ordinal).Select(g => g.ToArray());

    private static IRenderable Head(string subject, VerificationReport found) =>
        new Rows([
            found.Holds
                ? new Markup($"[green]verified[/] {Markup.Escape(subject)}: nothing diverges")
                : new Markup(
                    $"[red]diverged[/] {Markup.Escape(subject)}: {Lines.Count(found.Divergences.Length, "divergence")}; "
                        + "everything else is verified"
                ),
            .. found.Owners.IsEmpty
                ? Array.Empty<IRenderable>()
                : [new Text($"A snapshot: {string.Join(", ", found.Owners)} may be writing at the same time.", Lines.Dim)],
        ]);

    private static void Write(Divergence d)
    {
        var place = string.Join(
            ", ",
            new[]
            {
                d.Ordering is { } o ? $"ordering {o}" : null,
                d.SequenceNumber is { } s ? $"sequence number {s}" : null,
                d.Index is { } i ? $"event {i} of the {(IsSupervisors(d) ? "supervisor" : "instance")}" : null,
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
                ("meaning", d.Meaning),
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
            $"{Lines.Count(n.InstanceAnchors)} of instances, {Lines.Count(n.RunAnchors)} of supervisors, "
                + Lines.Count(n.Digests, "run digest")
        );
        var others = string.Concat(
            n.OtherSnapshots.Select(o => $"; {Lines.Count(o.Value)} of another build ({o.Key}): only position and digest were checked")
        );
        yield return ("snapshots", $"{Lines.Count(n.Snapshots)} equal to the folded state{others}");
        yield return ("blobs", $"{Lines.Count(n.Blobs, "blob")} referenced by events, {ByteSize.Of(n.BlobBytes)}");
        if (n.ModelFiles > 0)
            yield return (
                "models",
                $"{Lines.Count(n.ModelFiles)} {(n.ModelFiles == 1 ? "entry" : "entries")} in models/: base models and calibrations"
            );
    }

    private static IEnumerable<(string, string)> NotCovered(VerificationReport found)
    {
        var beyond = found.Instances.Where(l => l.Beyond > 0).ToList();
        foreach (var instance in beyond.Take(InstancesShown))
            yield return (
                $"{instance.Run}/{instance.Instance}",
                instance.IsKnown
                    ? $"{Lines.Count(instance.Beyond, "event")} after the last anchor (event {Lines.Count(instance.Covered)} of "
                        + $"{Lines.Count(instance.Events)}): removal of exactly these, or of the last of them, would not be detected"
                    : $"{Lines.Count(instance.Events, "event")} of an instance that no run knows: a fork that was copied but not "
                        + "added to its run; it is never resumed"
            );
        if (beyond.Count > InstancesShown)
            yield return ("...", $"{Lines.Count(beyond.Count - InstancesShown)} more instances; --json lists all");
        if (beyond.Count == 0 && found.Instances.Length > 0)
            yield return (
                "instances",
                "nothing: an anchor covers the last event of "
                    + (found.Instances.Length == 1 ? "the instance" : $"each of the {Lines.Count(found.Instances.Length)} instances")
            );
        foreach (var run in found.Runs.Take(RunsShown))
            yield return (
                run.Run,
                $"the end of the supervisor's stream ({Lines.Count(run.Events, "event")}): it has no anchor outside the stream; to "
                    + "cover it, keep the run's digest "
                    + (run.Digest is null ? "elsewhere after the run has ended" : $"{run.Digest[..12]}... elsewhere")
            );
        if (found.Runs.Length > RunsShown)
            yield return ("...", $"the same for {Lines.Count(found.Runs.Length - RunsShown)} more runs; --json lists all");
        if (found.Counts.RemovedCheckpoints > 0)
            yield return (
                "checkpoints",
                $"the weights of {Lines.Count(found.Counts.RemovedCheckpoints, "superseded checkpoint")}: `aime gc` removed them"
            );
        if (!found.Foreign.IsEmpty)
            yield return (
                "foreign",
                $"{Lines.Count(found.Foreign.Length, "stream")} of faculties unknown to this build: "
                    + $"{string.Join(", ", found.Foreign.Take(3))}"
            );
    }
}
