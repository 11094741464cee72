using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Tests.Experiments;

/// <summary><c>probes.recognition</c>.</summary>
public sealed class ProbeRecognitionTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void It_is_part_of_the_plan_and_survives_the_journal()
    {
        var stored = Stored("probes.recognition=true");
        Encoding.UTF8.GetString(stored).ShouldContain("\"recognition\":true");
        ((RunPlanned)FacultyEvents.Codec.Read("supervisor.planned@2", stored)).Plan.Probes.Recognition.ShouldBeTrue();
    }

    [Fact]
    public void Without_it_no_word_of_it_is_written_and_saying_so_is_the_same_run()
    {
        Encoding.UTF8.GetString(Stored()).ShouldNotContain("recognition");
        _study.Experiment("probes.recognition=false").RunId.ShouldBe(_study.Experiment().RunId);
    }

    [Fact]
    public void A_loop_that_does_not_measure_models_is_told() =>
        _study
            .Problems("probes.recognition=true", "loop-version=2")
            .ShouldHaveSingleItem()
            .ShouldEndWith("probes.recognition: models are measured from loop-version 3 on; remove the key");

    private byte[] Stored(params string[] sets) =>
        FacultyEvents.Codec.Write(new RunPlanned(_study.Experiment(sets).Plan(new ModelId("base"), origin: null)));
}
