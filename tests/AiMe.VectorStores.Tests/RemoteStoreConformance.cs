using System.Net;
using System.Net.Sockets;

namespace AiMe.VectorStores.Tests;

/// <summary>What every store must do that is reached over a network, if the server is down, slow or refuses.</summary>
public abstract class RemoteStoreConformance : VectorStoreConformance
{
    private const int Dimensions = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task AServer_that_is_down_is_a_failure_that_passes()
    {
        await using var store = Server.Connect("Memories", s_patience, FreePort());
        foreach (var call in Calls(store))
        {
            var failure = await Should.ThrowAsync<VectorStoreException>(call);
            failure.IsTransient.ShouldBeTrue(failure.Message);
            failure.Message.ShouldStartWith($"{store.Name}: there is no connection (");
            failure.Message.ShouldNotContain(StoreServer.Key);
        }
    }

    [SkippableFact]
    public async Task AServer_that_accepts_and_says_nothing_is_a_failure_that_passes()
    {
        using TcpListener silence = new(IPAddress.Loopback, 0);
        silence.Start();
        await using var store = Server.Connect("Memories", TimeSpan.FromMilliseconds(150), ((IPEndPoint)silence.LocalEndpoint).Port);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.ListAsync(Some.Instance, default));
        failure.IsTransient.ShouldBeTrue(failure.Message);
        failure.Message.ShouldBe($"{store.Name}: it gave no answer within 0.15 s. Raise the timeout, or give the store more room.");
    }

    [SkippableFact]
    public async Task A_call_that_the_caller_cancels_is_cancelled_and_no_failure()
    {
        Skip.IfNot(Server.CanFail, "this server cannot be told to fail");
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Store.ListAsync(Some.Instance, now.Token));
        Server.Fault = Fault.Silent;
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<OperationCanceledException>(Store.UpsertAsync(Some.Memories(1), soon.Token));
    }

    [SkippableTheory]
    [InlineData(Fault.Gone)]
    [InlineData(Fault.Dying)]
    public async Task A_write_whose_answer_is_lost_is_written_again_and_is_there_once(Fault fault)
    {
        Skip.IfNot(Server.CanFail, "this server cannot be told to fail");
        Server.Fault = fault;
        var failure = await Should.ThrowAsync<VectorStoreException>(Store.UpsertAsync(Some.Memories(3), default));
        failure.IsTransient.ShouldBeTrue(failure.Message);
        failure.Message.ShouldStartWith($"{Store.Name}: ");
        Server.Fault = Fault.None;
        (await Store.ListAsync(Some.Instance, default)).Count.ShouldBe(fault == Fault.Dying ? 3 : 0);
        await Store.UpsertAsync(Some.Memories(3), default);
        (await Store.ListAsync(Some.Instance, default)).Count.ShouldBe(3);
    }

    [SkippableTheory]
    [InlineData(Fault.Busy, true)]
    [InlineData(Fault.Broken, true)]
    [InlineData(Fault.Unavailable, true)]
    [InlineData(Fault.Refusing, false)]
    [InlineData(Fault.Locked, false)]
    public async Task A_failure_says_whether_it_passes_and_what_theServer_said(Fault fault, bool passes)
    {
        Skip.IfNot(Server.CanFail, "this server cannot be told to fail");
        Server.Fault = fault;
        foreach (var call in Calls(Store))
        {
            var failure = await Should.ThrowAsync<VectorStoreException>(call);
            failure.IsTransient.ShouldBe(passes, failure.Message);
            failure.Message.ShouldStartWith($"{Store.Name}: it answered ");
            failure.Message.ShouldContain("the server's own words");
            failure.Message.ShouldNotContain(StoreServer.Key);
            failure.Message.ShouldEndWith(".");
        }

        Server.Fault = Fault.None;
        await Store.UpsertAsync([Some.Memory(1)], default);
        (await Store.ListAsync(Some.Instance, default)).Count.ShouldBe(1);
    }

    private static IEnumerable<Func<Task>> Calls(IVectorStore store) =>
        [
            () => store.PrepareAsync(Dimensions, default),
            () => store.UpsertAsync([Some.Memory(1)], default),
            () => store.NearestAsync(Some.Instance, Some.Memory(1).Vector, 3, default),
            () => store.ListAsync(Some.Instance, default),
            () => store.DeleteAsync(Some.Instance, default),
            () => store.DescribeAsync(Dimensions, default),
            () => store.CountAsync(Some.Instance.Run, default),
            () => store.DeleteRunAsync(Some.Instance.Run, default),
        ];

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
