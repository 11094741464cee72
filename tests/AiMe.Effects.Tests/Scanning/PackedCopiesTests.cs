using System.Runtime.CompilerServices;
using AiMe.Effects.Scanning;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Tests.Scanning;

public sealed class PackedCopiesTests
{
    [Fact]
    public void A_copy_stays_while_the_memories_of_its_instance_do()
    {
        var copies = new PackedCopies();
        var view = new RandomMemories(1).Next();
        var copy = Kept(copies, view);
        GC.Collect();
        copy.TryGetTarget(out var known).ShouldBeTrue();
        copies.Of(view).ShouldBeSameAs(known);
        GC.KeepAlive(view);
    }

    [Fact]
    public void A_copy_leaves_memory_with_the_memories_of_its_instance()
    {
        var copies = new PackedCopies();
        var copy = Forgotten(copies);
        GC.Collect();
        copy.TryGetTarget(out _).ShouldBeFalse();
        GC.KeepAlive(copies);
    }

    // In methods of their own, so that no local keeps what they made.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<PackedMemories> Forgotten(PackedCopies copies) => Kept(copies, new RandomMemories(1).Next());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<PackedMemories> Kept(PackedCopies copies, MemoryView view)
    {
        var copy = copies.Of(view);
        copy.Update(view).ShouldBeTrue();
        copies.Keep(copy, view);
        return new WeakReference<PackedMemories>(copy);
    }
}
