// SPDX-License-Identifier: GPL-2.0
/*
 * The storage that a CCW designates, directly or by IDAWs or MIDAWs: where its
 * bytes are, and moving them.
 */
#include <asm/byteorder.h>
#include <linux/minmax.h>

#include "channel.h"

/* Storage is noted down in pieces that end here, however it is addressed. */
#define PIECE	2048

static u32 block_size(const struct channel *channel)
{
	return channel->flags & ORB_IDAW2 && !(channel->flags & ORB_IDAW_2K)
		? 4096 : 2048;
}

static bool next_idaw(struct channel *channel)
{
	const struct model_storage *storage = channel->storage;
	u32 size = channel->flags & ORB_IDAW2 ? 8 : 4;
	u32 offset;

	if (channel->word % size || channel->word > channel->limit)
		return false;
	if (size == 8) {
		__be64 word;

		if (!storage->fetch(storage->ctx, channel->word, &word, 8))
			return false;
		channel->addr = be64_to_cpu(word);
	} else {
		__be32 word;

		if (!storage->fetch(storage->ctx, channel->word, &word, 4))
			return false;
		channel->addr = be32_to_cpu(word);
		if (channel->addr >> 31)
			return false;
	}
	channel->word += size;

	if (channel->first || storage->lenient)
		return true;
	offset = channel->addr % block_size(channel);
	return offset == (channel->way == WAY_BACK ? block_size(channel) - 1
						   : 0);
}

/*
 * The list lies in a page, and so does what an entry stands for, unless that is
 * skipped.  The last entry is the one that uses up the CCW's count.
 */
static bool next_midaw(struct channel *channel)
{
	const struct model_storage *storage = channel->storage;
	u8 raw[16], reserved = 0;
	bool all;
	u64 name;

	if (channel->word % 16 || (!channel->first && !(channel->word % 4096)) ||
	    !storage->fetch(storage->ctx, channel->word, raw, 16))
		return false;
	channel->word += 16;
	for (u32 i = 0; i < 5; i++)
		reserved |= raw[i];
	channel->piece = raw[6] << 8 | raw[7];
	channel->addr = 0;
	for (u32 i = 8; i < 16; i++)
		channel->addr = channel->addr << 8 | raw[i];
	all = channel->piece == channel->left;
	if (reserved || raw[5] & 0x1f || !channel->piece ||
	    channel->piece > channel->left || all != raw[5] >> 7)
		return false;
	channel->left -= channel->piece;
	channel->skip_piece = raw[5] & 0x40 && channel->way == WAY_IN;
	if (channel->skip_piece)
		return true;
	return channel->addr % 4096 + channel->piece <= 4096 &&
	       storage->access(storage->ctx, channel->addr, 0,
			       channel->way == WAY_IN, &name);
}

/*
 * Make sure that channel->addr is good for the next byte.  @crossed: the last
 * one was at the end of a block.
 */
static bool next_block(struct channel *channel, bool crossed)
{
	u64 name;

	if (channel->ida) {
		if ((channel->first || crossed) && !next_idaw(channel))
			return false;
	} else if (channel->addr > channel->limit) {
		return false;
	}
	return channel->storage->access(channel->storage->ctx, channel->addr, 0,
					channel->way != WAY_OUT, &name);
}

bool channel_begin(struct channel *channel, const struct ccw *ccw)
{
	channel->ida = ccw->flags & IDA;
	channel->mida = ccw->flags & MIDA;
	channel->left = ccw->count;
	channel->word = ccw->addr;
	channel->addr = ccw->addr;
	channel->first = true;
	if (channel->mida ? channel->way == WAY_BACK || !next_midaw(channel)
			  : !next_block(channel, false))
		return false;
	channel->first = false;
	return true;
}

static bool move_midaws(struct channel *channel, u32 count)
{
	const struct model_storage *storage = channel->storage;

	while (count) {
		u32 n = min(count, channel->piece);
		u64 name = 0;

		if (!channel->skip_piece)
			n = min(n, PIECE - (u32)(channel->addr % PIECE));
		if (!channel->skip_piece &&
		    !storage->access(storage->ctx, channel->addr, n,
				     channel->way == WAY_IN, &name))
			return false;
		channel_note(channel, channel->skip_piece ? MODEL_SKIPPED :
				      channel->way == WAY_IN ? MODEL_STORE :
							       MODEL_FETCH, name, n);
		count -= n;
		channel->addr += n;
		channel->piece -= n;
		if (count && !channel->piece && !next_midaw(channel))
			return false;
	}
	return true;
}

static bool move_blocks(struct channel *channel, u32 count)
{
	static const enum model_event_kind kind[] = {
		[WAY_OUT] = MODEL_FETCH,
		[WAY_IN] = MODEL_STORE,
		[WAY_BACK] = MODEL_STORE_BACK,
	};
	bool back = channel->way == WAY_BACK;

	while (count) {
		u32 offset = channel->addr % PIECE;
		u32 n = min(count, back ? offset + 1 : PIECE - offset);
		u64 low = back ? channel->addr - (n - 1) : channel->addr;
		u64 name;

		if (!channel->storage->access(channel->storage->ctx, low, n,
					      channel->way != WAY_OUT, &name))
			return false;
		channel_note(channel, kind[channel->way], name, n);
		count -= n;
		channel->addr = back ? low - 1 : low + n;
		if (count &&
		    !next_block(channel, (back ? channel->addr + 1
					       : channel->addr) %
					 block_size(channel) == 0))
			return false;
	}
	return true;
}

bool channel_move(struct channel *channel, u32 count)
{
	return channel->mida ? move_midaws(channel, count) :
			       move_blocks(channel, count);
}
