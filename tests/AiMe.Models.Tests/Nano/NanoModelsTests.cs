using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Lora;

namespace AiMe.Models.Tests.Nano;

public sealed class NanoModelsTests
{
    private readonly SmallNano _nano = new();

    [Fact]
    public async Task Any_number_of_adapters_share_one_base_which_is_read_once()
    {
        var ids = Enumerable.Range(0, 50).Select(PutAdapter).ToArray();
        var models = _nano.Models();
        var found = await Task.WhenAll(ids.Select(id => models.GetAsync(id, default)));
        found.ShouldAllBe(m => ReferenceEquals(m.Weights, found[0].Weights));
        found.Select(m => m.Adapter!.ToSafetensors()).Distinct().Count().ShouldBe(50);
        _nano.Checkpoints.Loads.ShouldBe(51);
    }

    [Fact]
    public async Task A_base_stays_as_long_as_its_adapters_are_used()
    {
        var models = _nano.Models(capacity: 3);
        var first = await models.GetAsync(PutAdapter(1), default);
        for (ulong seed = 20; seed < 30; seed++)
        {
            await models.GetAsync(_nano.Checkpoints.Put(_nano.Weights(seed).ToSafetensors()), default);
            await models.GetAsync(PutAdapter(1), default);
        }

        (await models.GetAsync(PutAdapter(2), default)).Weights.ShouldBeSameAs(first.Weights);
    }

    [Fact]
    public async Task The_least_lately_used_leaves_when_there_are_too_many()
    {
        var models = _nano.Models(capacity: 2);
        string[] ids = [.. Enumerable.Range(1, 3).Select(seed => _nano.Checkpoints.Put(_nano.Weights((ulong)seed).ToSafetensors()))];
        foreach (var id in ids)
            await models.GetAsync(id, default);
        await models.GetAsync(ids[2], default);
        _nano.Checkpoints.Loads.ShouldBe(3);
        await models.GetAsync(ids[0], default);
        _nano.Checkpoints.Loads.ShouldBe(4);
    }

    [Fact]
    public async Task An_adapter_takes_the_room_that_it_has()
    {
        var models = _nano.Models(capacity: 2);
        var ids = Enumerable.Range(0, 4).Select(PutAdapter).ToArray();
        foreach (var id in (string[])[.. ids, .. ids])
            await models.GetAsync(id, default);
        _nano.Checkpoints.Loads.ShouldBe(5, "four adapters and their base take less room than two models of all weights");
    }

    [Fact]
    public async Task An_adapter_of_an_adapter_is_a_provider_failure()
    {
        var under = PutAdapter(1);
        var file = await _nano.Checkpoints.LoadAsync(PutAdapter(2), default);
        var at = file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(_nano.Base));
        System.Text.Encoding.UTF8.GetBytes(under).CopyTo(file, at);
        var id = _nano.Checkpoints.Put(file);
        var message = (await Should.ThrowAsync<ProviderException>(() => _nano.Models().GetAsync(id, default))).Message;
        message.ShouldContain($"its base {under} is an adapter itself");
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_a_provider_failure()
    {
        var file = await _nano.Checkpoints.LoadAsync(PutAdapter(1), default);
        var id = _nano.Checkpoints.Put(file[..^5]);
        (await Should.ThrowAsync<ProviderException>(() => _nano.Models().GetAsync(id, default))).Message.ShouldContain("truncated");
    }

    private string PutAdapter(int seed) =>
        _nano.Checkpoints.Put(Adapter.Initialise(_nano.Weights(7), new AdapterOptions { Rank = 1 }, (ulong)seed).ToSafetensors());
}
