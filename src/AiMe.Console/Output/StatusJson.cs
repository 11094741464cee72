using System.Text.Json;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Output;

/// <summary>The status of runs as JSON.</summary>
internal static class StatusJson
{
    /// <summary>Returns one object.</summary>
    /// <param name="store">Written as in messages.</param>
    public static byte[] Of(Journal.StoreAddress store, IReadOnlyList<RunStatus> runs) =>
        JsonObject.Of(json =>
        {
            json.WriteString("store", store.Place);
            json.WriteObjects("runs", runs, run => Run(json, run));
        });

    /// <summary>Writes the members of a run.</summary>
    public static void Run(Utf8JsonWriter json, RunStatus run)
    {
        json.WriteString("run", run.Plan.Run);
        json.WriteString("state", run.State.ToString().ToLowerInvariant());
        json.WriteNumber("seed", run.Plan.Seed.Value);
        json.WriteObject("settings", () => Settings(json, run.Settings));
        json.WriteString("digest", run.Run.Digest);
        json.WriteNumber("experiences", run.Experiences);
        json.WriteNumber("planned", run.Planned);
        json.WriteNumber("beside", run.Beside);
        json.WriteNumber("waiting", run.Waiting);
        json.WriteNumber("rounds", run.Plan.Rounds);
        json.WriteObject("spending", () => Spending(json, run.Run.Ledger));
        var goesOn = run.State is RunState.Running or RunState.Silent;
        json.WriteFigure("perSecond", goesOn ? run.Pace.PerSecond : double.NaN);
        if (run.Holder is { } holder)
            json.WriteObject("owner", () => Owner(json, run, holder));
        else
            json.WriteNull("owner");
        json.WriteObjects("shards", run.Shards, shard =>
        {
            json.WriteString("shard", shard.Shard.ToString());
            json.WriteBoolean("begun", shard.HasBegun);
            json.WriteBoolean("ended", shard.HasEnded);
            if (shard.Holder is { } holds)
                json.WriteObject("owner", () => Owner(json, run, holds));
            else
                json.WriteNull("owner");
        });
        if (goesOn && run.Pace.Left is var (least, most))
        {
            json.WriteObject("secondsLeft", () =>
            {
                json.WriteNumber("least", Math.Round(least.TotalSeconds, 1));
                json.WriteNumber("most", Math.Round(most.TotalSeconds, 1));
            });
        }
        else
        {
            json.WriteNull("secondsLeft");
        }

        json.WriteObjects("variants", run.Plan.Variants, variant =>
        {
            var own = run.Instances.Where(l => l.Variant == variant.Name && l.Parent is null).ToList();
            json.WriteString("variant", variant.Name);
            json.WriteNumber("instances", own.Count);
            json.WriteNumber("experiences", own.Sum(l => l.OnPlan));
            json.WriteNumber("planned", own.Count * run.Plan.Cycles);
            json.WriteNumber("finished", own.Count(l => l.Status == InstanceState.Finished));
            json.WriteNumber("parked", own.Count(l => l.Status == InstanceState.Parked));
        });
        json.WriteObjects("instances", run.Instances, instance => Instance(json, instance));
    }

    /// <summary>Writes the settings that tell a run from the others of its experiment, without the seed.</summary>
    public static void Settings(Utf8JsonWriter json, IEnumerable<(string Key, string Value)> settings)
    {
        foreach (var (key, value) in settings.Where(s => s.Key != "seed"))
            json.WriteString(key, value);
    }

    private static void Spending(Utf8JsonWriter json, SpendingLedger ledger)
    {
        json.WriteNumber("tokens", ledger.Spent.Tokens);
        json.WriteNumber("usd", ledger.Spent.Usd);
        json.WriteNumber("tokensCommitted", ledger.Committed.Tokens);
        json.WriteNumber("usdCommitted", ledger.Committed.Usd);
        if (ledger.Budget.Tokens is { } tokens)
            json.WriteNumber("tokensBudget", tokens);
        else
            json.WriteNull("tokensBudget");
        if (ledger.Budget.Usd is { } usd)
            json.WriteNumber("usdBudget", usd);
        else
            json.WriteNull("usdBudget");
    }

    private static void Instance(Utf8JsonWriter json, InstanceStatus instance)
    {
        json.WriteString("instance", instance.Name);
        json.WriteString("status", instance.Status.ToString().ToLowerInvariant());
        json.WriteNumber("experiences", instance.OnPlan);
        json.WriteNumber("beside", instance.Beside);
        json.WriteNumber("waiting", instance.Waiting);
        json.WriteString("parent", instance.Parent);
        json.WriteNumber("generation", instance.Generation);
        json.WriteString("parked", instance.Parked);
    }

    private static void Owner(Utf8JsonWriter json, RunStatus run, Journal.Holder holder)
    {
        json.WriteString("host", holder.Owner.Info.Host);
        json.WriteNumber("process", holder.Owner.Info.ProcessId);
        json.WriteBoolean("alive", holder.IsAlive);
        json.WriteString("heartbeat", holder.Owner.Heartbeat.ToString("yyyy-MM-dd HH:mm:ss"));
        json.WriteFigure("heartbeatAge", Math.Round(holder.Silence.TotalSeconds, 1));
        json.WriteString("since", holder == run.Holder ? run.Since?.ToString("yyyy-MM-dd HH:mm:ss") : null);
    }
}
