using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>A bounded queue of commands for one reader. An empty one holds no memory: most instances have nothing in hand.</summary>
internal sealed class Mailbox(int capacity)
{
    private Queue<Delivery>? _waiting;
    private Queue<(Delivery Delivery, TaskCompletionSource Room)>? _outside;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (this)
                return _waiting is null;
        }
    }

    /// <summary>Puts a command in; waits while it is full. One whose wait is cancelled is not in it.</summary>
    public async ValueTask PostAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (Put(delivery) is not { } room)
            return;
        await using (cancellationToken.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), room))
            await room.Task;
    }

    /// <summary>Takes the command that came first; null where none waits. Whoever waits for room comes in.</summary>
    public Delivery? Take()
    {
        lock (this)
        {
            if (_waiting is null)
                return null;
            var taken = _waiting.Dequeue();
            while (_outside is { } outside && _waiting.Count < capacity)
            {
                var (next, room) = outside.Dequeue();
                if (outside.Count == 0)
                    _outside = null;
                if (room.TrySetResult())
                    _waiting.Enqueue(next);
            }

            if (_waiting.Count == 0)
                _waiting = null;
            return taken;
        }
    }

    // Null where it is in; otherwise what says that it came in.
    private TaskCompletionSource? Put(Delivery delivery)
    {
        lock (this)
        {
            _waiting ??= new(4);
            if (_waiting.Count < capacity)
            {
                _waiting.Enqueue(delivery);
                return null;
            }

            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_outside ??= []).Enqueue((delivery, room));
            return room;
        }
    }
}

/// <summary>A command on its way to a cell.</summary>
/// <param name="EffectKey">The effect whose result it is, or null for a message.</param>
internal sealed record Delivery(Command Command, string? EffectKey);
