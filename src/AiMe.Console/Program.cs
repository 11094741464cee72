using Store = AiMe.Journal.Store;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Kernel;
using AiMe.Lab;
using AiMe.Mind;
using AiMe.Runtime;
var loaded = ExperimentFile.Load(args[0], args.Skip(2));
foreach (var p in loaded.Problems) Console.WriteLine(p);
if (loaded.Experiment is not { } e) return 2;
var sw = System.Diagnostics.Stopwatch.StartNew();
await using var store = await Store.OpenAsync(args[1], TimeProvider.System, SqliteSettings.Default, Processes.IsRunning, default);
var world = await NanoWorld.PrepareAsync(e, store, 2, new Pr(), default);
Console.WriteLine($"prepared {sw.Elapsed} loss {world.Base.Loss} id {world.Base.Id[..8]}");
var o = await RunHost.RunAsync(e.Plan(new ModelId(world.Base.Id)), store, world.Effects, 2, new Obs(), TimeProvider.System, default, default);
Console.WriteLine($"{sw.Elapsed} {o}");
return 0;
sealed class Pr : IProgress<AiMe.Nano.Training.TrainingProgress> { public void Report(AiMe.Nano.Training.TrainingProgress p) { if (p.Step % 50 == 0) Console.WriteLine($"{p.Step}/{p.Steps} {p.Loss:0.000} {p.Tokens}"); } }
sealed class Obs : IRuntimeObserver {
  public void Happened(string i, string f, Event e) { if (e is Promoted or RolledBack or Failed or Skipped or RunEnded or InstanceParked or GenerationFailed) Console.WriteLine($"{i} {e}"); else if (i == "aligned-1" && e is Stored s) Console.WriteLine($"   [{s.Cycle}] {s.Input}\n      > {s.Output}\n      ~ {s.Reflection} ({s.Verdict} a{s.Scores.Alignment:0.00} q{s.Scores.Quality:0.00} imp{s.Importance:0.0})"); }
  public void Refused(string i, string f, Command c, string why) => Console.WriteLine($"REFUSED {i} {f} {c.GetType().Name} {why}");
  public void Restarting(string i, Exception x, int a, TimeSpan p) => Console.WriteLine($"RESTART {i} {x}");
}
