using System.CommandLine;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using AiMe.Journal;
using AiMe.Lab;
using AiMe.Runtime;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime doctor</c>: whether this machine and this store are fit for a run, and what to do where they are not.</summary>
internal static class DoctorCommand
{
    private const long EnoughDisk = 1L << 30;

    private enum Health
    {
        Good,
        Warning,
        Bad,
    }

    public static Command Create()
    {
        var store = Common.StoreOption();
        var json = Common.JsonOption("One JSON object a check: {\"check\", \"health\", \"found\", \"advice\"}");
        var command = new Command("doctor", "Check this machine and a store, and say what to do") { store, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<Check> checks = [DotNet(), Vectors(), Cores(), .. await StoreAsync(parsed.GetRequiredValue(store), cancellationToken)];
            foreach (var check in checks)
            {
                if (parsed.GetValue(json))
                    Terminal.Json(check.ToJson());
                else
                    check.Write();
            }

            return checks.Any(c => c.Health == Health.Bad) ? ExitCode.Error : ExitCode.Done;
        });
        return command;
    }

    private static Check DotNet() => Environment.Version.Major >= 10
        ? new(".NET", Health.Good, Environment.Version.ToString(), "")
        : new(".NET", Health.Bad, Environment.Version.ToString(), "install the .NET 10 SDK");

    private static Check Vectors() => Vector512.IsHardwareAccelerated
        ? new("vectors", Health.Good, "AVX-512", "")
        : Fma.IsSupported
            ? new("vectors", Health.Good, "AVX2", "the embedded model gives the same bits as with AVX-512, at about half its speed")
            : new("vectors", Health.Warning, "neither AVX2 nor AVX-512", "the embedded model will be slow; its results are the same");

    private static Check Cores() => new("cores", Health.Good, $"{Environment.ProcessorCount}", "");

    private static async Task<IEnumerable<Check>> StoreAsync(string directory, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(directory);
        if (File.Exists(root))
            return [new("store", Health.Bad, $"{root} is a file", "name a directory with --store")];
        var disk = Disk(root);
        if (!Directory.Exists(root))
            return [new("store", Health.Good, $"{root} is not there yet", "the first `aime run` makes it"), disk];
        if (!File.Exists(Path.Combine(root, "journal.db")))
            return [new("store", Health.Good, $"{root} holds no journal yet", ""), disk];
        try
        {
            await using var store = Common.OpenReadOnly(directory);
            var runs = await Common.RunsAsync(store, cancellationToken);
            var models = Directory.Exists(store.ModelsDirectory) ? Directory.GetDirectories(store.ModelsDirectory).Length : 0;
            return
            [
                new("store", Health.Good, $"{root}: {runs.Count} {(runs.Count == 1 ? "run" : "runs")}, {runs.Sum(r => r.Lives.Count)} instances", ""),
                models > 0 ? new("base models", Health.Good, $"{models}", "") : new("base models", Health.Good, "none yet", "the first run trains one, in one to two minutes for the preset tiny"),
                disk,
            ];
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return [new("store", Health.Bad, e.Message, "restore it from a backup, or name another with --store"), disk];
        }
    }

    private static Check Disk(string root)
    {
        var at = root;
        while (!Directory.Exists(at))
            at = Path.GetDirectoryName(at)!;
        var free = new DriveInfo(at).AvailableFreeSpace;
        var found = $"{free / (double)(1L << 30):0.0} GiB free";
        return free >= EnoughDisk ? new("disk", Health.Good, found, "") : new("disk", Health.Warning, found, "free at least 1 GiB, or name a --store on another disk");
    }

    private sealed record Check(string Name, Health Health, string Found, string Advice)
    {
        public void Write()
        {
            var (mark, colour) = Health switch { Health.Good => ("ok", "green"), Health.Warning => ("warn", "yellow"), _ => ("bad", "red") };
            Terminal.Output.Markup($"[{colour}]{mark,-5}[/]");
            Terminal.Output.WriteLine($"{Name,-12} {Found}{(Advice.Length > 0 ? $": {Advice}" : "")}", Style.Plain);
        }

        public byte[] ToJson()
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                writer.WriteStartObject();
                writer.WriteString("check", Name);
                writer.WriteString("health", Health.ToString().ToLowerInvariant());
                writer.WriteString("found", Found);
                writer.WriteString("advice", Advice);
                writer.WriteEndObject();
            }

            return stream.ToArray();
        }
    }
}
